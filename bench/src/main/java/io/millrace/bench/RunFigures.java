package io.millrace.bench;

/**
 * What one run of an ingest took, ours or stock's, from the start of its process. CPU is that of
 * all threads of the process as the operating system counts it, compilation and garbage collection
 * included.
 *
 * @param records rows committed
 * @param firstBatchRecords rows of the first batch, before which nothing counts as steady
 * @param cpuNanosAtFirstCommit CPU from the process's start until its first batch was committed
 * @param cpuNanosAtEnd CPU from the process's start until its last batch was committed
 * @param processStartMillis milliseconds since the epoch, as the next two
 * @param firstCommitMillis when the first batch was committed
 * @param lastCommitMillis when the last batch was committed
 */
record RunFigures(
    long records,
    long firstBatchRecords,
    long cpuNanosAtFirstCommit,
    long cpuNanosAtEnd,
    long processStartMillis,
    long firstCommitMillis,
    long lastCommitMillis) {

  /** CPU microseconds a record from the start of the process, JVM and Spark included. */
  double wholeCpuMicros() {
    return cpuNanosAtEnd / 1e3 / records;
  }

  /** CPU microseconds a record after the first batch. */
  double steadyCpuMicros() {
    return (cpuNanosAtEnd - cpuNanosAtFirstCommit) / 1e3 / steadyRecords();
  }

  /** Records a second from the start of the process to the last commit. */
  double wholeRate() {
    return records * 1e3 / Math.max(1, lastCommitMillis - processStartMillis);
  }

  /** Records a second from the first commit to the last. */
  double steadyRate() {
    return steadyRecords() * 1e3 / Math.max(1, lastCommitMillis - firstCommitMillis);
  }

  private long steadyRecords() {
    return records - firstBatchRecords;
  }
}
