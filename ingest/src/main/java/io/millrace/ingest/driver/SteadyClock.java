package io.millrace.ingest.driver;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Goes on evenly from where another clock stood, whatever that one is set to later. */
final class SteadyClock implements InstantSource {
  private final Instant start;
  private final LongSupplier nanoTime;
  private final long startNanos;

  SteadyClock(InstantSource clock, LongSupplier nanoTime) {
    this.start = clock.instant();
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanoTime.getAsLong() - startNanos);
  }
}
