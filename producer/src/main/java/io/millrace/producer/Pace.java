package io.millrace.producer;

/**
 * When each record of a job is due at a constant rate. Knows no clock: times are nanoseconds since
 * the job's begin.
 */
final class Pace {
  private static final long NANOS = 1_000_000_000;

  private final long rate;

  /**
   * @param rate records per second, 1 to 1e9
   */
  Pace(long rate) {
    this.rate = rate;
  }

  /** The intended send time of that record, rounded up to whole nanoseconds. */
  long dueNanos(long record) {
    long part = record % rate * NANOS;
    return record / rate * NANOS + (part + rate - 1) / rate;
  }

  /** How many records, counted from 0, are due when so much time has passed. */
  long dueRecords(long elapsedNanos) {
    if (elapsedNanos < 0) {
      return 0;
    }
    return elapsedNanos / NANOS * rate + elapsedNanos % NANOS * rate / NANOS + 1;
  }

  /** How many records are due before so much time has passed: those of a job of that duration. */
  long recordsWithin(long nanos) {
    return nanos <= 0 ? 0 : dueRecords(nanos - 1);
  }
}
