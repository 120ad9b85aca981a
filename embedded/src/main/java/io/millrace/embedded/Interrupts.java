package io.millrace.embedded;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;

/** The error for a wait that was ended by an interrupt. */
final class Interrupts {
  private Interrupts() {}

  static MillraceException exception(String doing, InterruptedException cause) {
    return new MillraceException(
        ExitCode.INTERRUPTED, "interrupted", "while " + doing, "Run it again", cause);
  }
}
