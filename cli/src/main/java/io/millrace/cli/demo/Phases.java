package io.millrace.cli.demo;

import io.millrace.cli.ProgressLine;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Tells what the demo does as it does it, with the seconds since the command was started. */
final class Phases {
  private final PrintWriter out;
  private final ProgressLine line;
  private final Instant commandStart;

  Phases(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.line = ProgressLine.onTerminal(err);
    this.commandStart = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
  }

  /** When the process of this command began. */
  Instant commandStart() {
    return commandStart;
  }

  void tell(String format, Object... values) {
    line.clear();
    double seconds = Duration.between(commandStart, Instant.now()).toMillis() / 1e3;
    out.printf(Locale.ROOT, "[%6.1f s] %s%n", seconds, String.format(Locale.ROOT, format, values));
    out.flush();
  }

  /** For a terminal only: how far the current phase is. */
  void progress(String format, Object... values) {
    line.show(String.format(Locale.ROOT, format, values));
  }
}
