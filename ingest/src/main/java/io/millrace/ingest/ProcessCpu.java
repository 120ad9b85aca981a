package io.millrace.ingest;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The CPU time of this process, all threads, from its start, as the operating system counts it. */
final class ProcessCpu {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private long atFirstCommit = -1;

  static long nanos() {
    return SYSTEM.getProcessCpuTime();
  }

  /** Called after each commit; only the first counts. */
  synchronized void committed() {
    if (atFirstCommit < 0) {
      atFirstCommit = nanos();
    }
  }

  /** At the end of the process's first batch, -1 before. */
  synchronized long atFirstCommit() {
    return atFirstCommit;
  }
}
