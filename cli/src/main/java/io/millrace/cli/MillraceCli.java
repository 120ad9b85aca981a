package io.millrace.cli;

import java.io.PrintWriter;

/** The command line inside a process: what {@link Main} wraps a process around. */
public final class MillraceCli {
  private MillraceCli() {}

  /** Runs one command and returns its exit code. */
  public static int execute(PrintWriter out, PrintWriter err, String... args) {
    int code = MillraceCommand.commandLine(out, err).execute(args);
    out.flush();
    err.flush();
    return code;
  }
}
