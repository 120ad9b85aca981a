package io.millrace.cli;

import java.io.PrintWriter;

/** One line on a terminal that is written over and over; silent where there is no terminal. */
public final class ProgressLine {
  /** ECMA-48: to the line's start, erase the line. */
  private static final String ERASE = "\r\u001b[K";

  private final PrintWriter terminal;
  private boolean shown;

  private ProgressLine(PrintWriter terminal) {
    this.terminal = terminal;
  }

  public static ProgressLine onTerminal(PrintWriter err) {
    return new ProgressLine(isTerminal() ? err : null);
  }

  /** Whether somebody looks at a terminal. */
  public static boolean isTerminal() {
    return System.console() != null;
  }

  public synchronized void show(String text) {
    if (terminal != null) {
      terminal.print(ERASE + text);
      terminal.flush();
      shown = true;
    }
  }

  public synchronized void clear() {
    if (shown) {
      terminal.print(ERASE);
      terminal.flush();
      shown = false;
    }
  }
}
