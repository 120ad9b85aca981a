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

  /** Refuses an option's value unless it is right; {@code needed} says what would be. */
  public static void requireOption(boolean right, String option, Object value, String needed) {
    if (!right) {
      throw usage(
          "The option " + option + " can't be used", "it is " + value + ", needed: " + needed);
    }
  }
}
