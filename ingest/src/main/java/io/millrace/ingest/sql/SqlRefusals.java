package io.millrace.ingest.sql;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;

/** Why a stream's SQL can't be used, in the words of those who wrote it. */
final class SqlRefusals {
  private SqlRefusals() {}

  static MillraceException of(String reason, String remedy) {
    return of(reason, remedy, null);
  }

  static MillraceException of(String reason, String remedy, Throwable cause) {
    return new MillraceException(
        ExitCode.USAGE, "The stream's sql can't be used", reason, remedy, cause);
  }

  /** A message without the lines that show where in the text it happened. */
  static String firstLine(Throwable e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.strip().lines().findFirst().orElse("").strip();
  }
}
