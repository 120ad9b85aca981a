package io.millrace.producer;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The time of one run: a steady clock for distances, tied to the wall clock at its begin. */
final class Timeline {
  private static final long NANOS_A_MILLI = 1_000_000;

  private final InstantSource wall;
  private final LongSupplier nanos;
  private final Instant begin;
  private final long beginMillis;
  private final long beginNanos;

  Timeline(InstantSource wall, LongSupplier nanos) {
    this.wall = wall;
    this.nanos = nanos;
    this.begin = wall.instant();
    this.beginMillis = begin.toEpochMilli();
    this.beginNanos = nanos.getAsLong();
  }

  Instant begin() {
    return begin;
  }

  Instant now() {
    return wall.instant();
  }

  long nowMillis() {
    return wall.millis();
  }

  long elapsedNanos() {
    return nanos.getAsLong() - beginNanos;
  }

  /** Wall-clock milliseconds of the moment so many nanoseconds after the begin. */
  long millisAt(long elapsed) {
    return beginMillis + elapsed / NANOS_A_MILLI;
  }
}
