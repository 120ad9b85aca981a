package io.millrace.producer;

/** Where a job ends. */
final class Limits {
  private Limits() {}

  /**
   * Records of the job as a whole, -1: no limit. At a constant rate a duration is a number of
   * records: those due within it, however late they are sent.
   */
  static long records(ProduceJob job, Pace pace) {
    if (pace == null || job.duration() == null) {
      return job.records();
    }
    long within = pace.recordsWithin(job.duration().toNanos());
    return job.records() == ProduceJob.UNLIMITED ? within : Math.min(within, job.records());
  }

  /** When a run as fast as possible ends, nanoseconds since its begin. */
  static long endNanos(ProduceJob job) {
    return job.rate() > 0 || job.duration() == null ? Long.MAX_VALUE : job.duration().toNanos();
  }
}
