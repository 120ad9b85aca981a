package io.millrace.producer;

import io.millrace.core.process.StopSignal;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Tells one worker when to go on, and the Kafka timestamp of what it sends. At a constant rate that
 * is the moment the record was due, so that a stall shows as age (coordinated omission); as fast as
 * possible it is now, read once for some records.
 */
final class Metronome {
  /**
   * Shorter waits are made so long: at high rates, what falls due in a millisecond goes at once.
   */
  private static final long LEAST_WAIT_NANOS = 1_000_000;

  private final Pace pace;
  private final long endNanos;
  private final Timeline timeline;
  private final StopSignal stop;
  private long nowMillis;

  /**
   * @param pace null: as fast as possible
   * @param endNanos when to end, nanoseconds since the begin; {@link Long#MAX_VALUE}: never
   */
  Metronome(Pace pace, long endNanos, Timeline timeline, StopSignal stop) {
    this.pace = pace;
    this.endNanos = endNanos;
    this.timeline = timeline;
    this.stop = stop;
  }

  /**
   * Waits until {@code record} is due.
   *
   * @return the record up to which, exclusively, may be sent now, at most {@code after}; {@code
   *     record} itself where the run is to end
   */
  long awaitDue(long record, long after) {
    if (stop.isAsked()) {
      return record;
    }
    if (pace == null) {
      nowMillis = timeline.nowMillis();
      return endNanos < Long.MAX_VALUE && timeline.elapsedNanos() >= endNanos ? record : after;
    }
    long due = pace.dueRecords(timeline.elapsedNanos());
    while (due <= record) {
      long wait = pace.dueNanos(record) - timeline.elapsedNanos();
      if (await(Math.max(wait, LEAST_WAIT_NANOS))) {
        return record;
      }
      due = pace.dueRecords(timeline.elapsedNanos());
    }
    return Math.min(due, after);
  }

  /** The wall clock. */
  Instant now() {
    return timeline.now();
  }

  boolean isStopped() {
    return stop.isAsked();
  }

  long timestamp(long record) {
    return pace == null ? nowMillis : timeline.millisAt(pace.dueNanos(record));
  }

  private boolean await(long nanos) {
    try {
      return stop.await(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
