package io.millrace.ingest;

import io.millrace.core.process.ProcessCpu;

/** What this process had used when its first batch was committed. Safe for any thread. */
final class FirstCommitCpu {
  private long nanos = -1;

  /** Called after each commit; only the first counts. */
  synchronized void committed() {
    if (nanos < 0) {
      nanos = ProcessCpu.nanos();
    }
  }

  /** CPU nanoseconds of all threads from the process's start, -1 before the first commit. */
  synchronized long nanos() {
    return nanos;
  }
}
