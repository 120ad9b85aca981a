package io.millrace.ingest.driver;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.nio.channels.ClosedByInterruptException;

/** Finds in what Spark throws what its reader has to know. */
final class Failures {
  private Failures() {}

  /** The error behind a failed query, out of the exceptions that Spark wraps around it. */
  static MillraceException of(String stream, Throwable failure) {
    Throwable innermost = failure;
    for (Throwable t = failure; t != null && t != t.getCause(); t = t.getCause()) {
      if (t instanceof MillraceException known) {
        return known;
      }
      if (t instanceof OutOfMemoryError memory) {
        return new DriverMemoryException(stream, memory);
      }
      innermost = t;
    }
    return new MillraceException(
        ExitCode.INTERNAL,
        "Stream " + stream + " failed",
        innermost.getClass().getSimpleName() + ": " + firstLine(innermost.getMessage()),
        "Run with --verbose to see where",
        failure);
  }

  /** Whether the calling thread was interrupted, which is nobody's fault. */
  static boolean isInterruption(Exception failure) {
    return failure instanceof InterruptedException
        || failure.getCause() instanceof ClosedByInterruptException;
  }

  private static String firstLine(String message) {
    return message == null ? "no message" : message.lines().findFirst().orElse("");
  }
}
