package io.millrace.cli;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;

/** Errors that several commands can meet. */
public final class Errors {
  private Errors() {}

  public static MillraceException usage(String problem, String reason) {
    return new MillraceException(
        ExitCode.USAGE, problem, reason, "`millrace COMMAND --help` lists the options");
  }
}
