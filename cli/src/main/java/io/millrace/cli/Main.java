package io.millrace.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Arrays;

/** Where the process begins and ends. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    // Before the first logger exists: log4j2.properties reads it.
    if (Arrays.asList(args).contains("--verbose")) {
      System.setProperty("millrace.log.level", "DEBUG");
      System.setProperty("millrace.log.embedded", "DEBUG");
      System.setProperty("millrace.log.libraries", "WARN");
      System.setProperty("millrace.log.stack", "full");
    }
    ParentWatch.startIfAsked();
    PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
    PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
    System.exit(MillraceCli.execute(out, err, args));
  }
}
