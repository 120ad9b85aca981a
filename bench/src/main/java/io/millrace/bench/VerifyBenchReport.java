package io.millrace.bench;

import java.util.List;

/**
 * What {@code bench verify --report} writes; docs/bench.md describes it.
 *
 * @param format version of this layout, 1
 * @param rows rows that verify counted
 * @param millis from the start of verify's process to its end
 * @param cpuMillis CPU time of that process
 * @param brokerCpuMillis CPU time of the broker meanwhile
 * @param findings what it found, one line each
 */
record VerifyBenchReport(
    int format,
    long records,
    int partitions,
    long rows,
    long millis,
    long cpuMillis,
    long brokerCpuMillis,
    List<String> findings) {
  static final int FORMAT = 1;
}
