package io.millrace.producer.generate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The event time of each record: the start time plus the record's number at a steady pace. With a
 * rate the pace is the rate; without one it is a million records a second, which is above what a
 * machine sends, so that no event lies in the future.
 */
public final class EventTime {
  private static final long MICROS = 1_000_000;

  private final long startMicros;
  private final long perSecond;

  /**
   * @param start event time of record 0
   * @param rate records per second; 0: none is set
   */
  public EventTime(Instant start, long rate) {
    this.startMicros = ChronoUnit.MICROS.between(Instant.EPOCH, start);
    this.perSecond = rate == 0 ? MICROS : rate;
  }

  /** Microseconds since the epoch. */
  long micros(long record) {
    if (perSecond == MICROS) {
      return startMicros + record;
    }
    return startMicros + record / perSecond * MICROS + record % perSecond * MICROS / perSecond;
  }
}
