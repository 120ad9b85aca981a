package io.millrace.lake.verify;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Adds up several threads' progress and passes it on, not too often. */
final class ProgressMeter {
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final VerifyProgress progress;
  private final String stream;
  private final VerifyProgress.Phase phase;
  private final long total;
  private final LongSupplier nanoClock;
  private long done;
  private long lastNanos;

  ProgressMeter(
      VerifyProgress progress,
      String stream,
      VerifyProgress.Phase phase,
      long total,
      LongSupplier nanoClock) {
    this.progress = progress;
    this.stream = stream;
    this.phase = phase;
    this.total = total;
    this.nanoClock = nanoClock;
    this.lastNanos = nanoClock.getAsLong();
    progress.update(stream, phase, 0, total);
  }

  synchronized void add(long more) {
    done += more;
    long now = nanoClock.getAsLong();
    if (now - lastNanos >= EVERY_NANOS) {
      lastNanos = now;
      progress.update(stream, phase, done, total);
    }
  }

  synchronized void finish() {
    progress.update(stream, phase, done, total);
  }
}
