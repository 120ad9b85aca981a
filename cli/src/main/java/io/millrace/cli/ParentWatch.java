package io.millrace.cli;

import io.millrace.core.error.ExitCode;
import java.io.IOException;
import java.io.InputStream;

/**
 * Ends this process when its parent is gone, however the parent ended: the parent holds the other
 * end of our standard input, and the operating system closes it.
 */
final class ParentWatch {
  /** Set to {@code true} for processes that a command starts as its own parts. */
  static final String PROPERTY = "millrace.endWithParent";

  private ParentWatch() {}

  static void startIfAsked() {
    if (Boolean.getBoolean(PROPERTY)) {
      Thread thread = new Thread(() -> watch(System.in), "parent-watch");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void watch(InputStream parent) {
    try {
      while (parent.read() >= 0) {
        // Nothing is ever written to it.
      }
    } catch (IOException e) {
      // A broken pipe says the same as its end.
    }
    Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
  }
}
