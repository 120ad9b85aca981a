package io.millrace.core.process;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Processor time as the operating system counts it. */
public final class ProcessCpu {
  private ProcessCpu() {}

  /** Nanoseconds of all threads of this process since its start. */
  public static long nanos() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime();
  }

  /** The same of another process; zero where it has ended. */
  public static Duration of(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }
}
