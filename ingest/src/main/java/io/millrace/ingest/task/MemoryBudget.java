package io.millrace.ingest.task;

/**
 * How the memory of a task is bounded: by bytes, whatever the number of Kafka partitions, table
 * partitions and records and however large a record is. Each task that runs at once may hold
 *
 * <ul>
 *   <li>1/16 of the heap in fetched, still compressed Kafka data ({@link #fetchBytes}): a task
 *       reads its Kafka partitions in windows of as many as fit with {@code
 *       max.partition.fetch.bytes} each, or with the largest record seen if that is larger;
 *   <li>1/64 of the heap in decoded columns ({@link #columnBytes}), and one record more: when they
 *       are full the consumer is stopped in mid-poll;
 *   <li>1/5 of the heap in encoded Parquet pages of open files ({@link #writerBytes}): above it the
 *       largest row group is written out, or the file used least recently ended;
 *   <li>1/64 of the heap in dead letters ({@link #deadLetterBytes}), and one dead letter more:
 *       above it a row group of their file is written out.
 * </ul>
 *
 * <p>each divided by half the number of tasks at once, so that two tasks fill a good half of the
 * heap, and four do the same. Kafka's in-flight responses ({@code fetch.max.bytes} for each broker)
 * come on top.
 */
record MemoryBudget(long fetchBytes, long columnBytes, long writerBytes, long deadLetterBytes) {
  private static final long MIB = 1L << 20;

  /**
   * @param heap largest heap of this process in bytes
   * @param tasksAtOnce tasks it runs at a time, at least 1
   */
  static MemoryBudget of(long heap, int tasksAtOnce) {
    long share = heap * 2 / Math.max(2, tasksAtOnce);
    return new MemoryBudget(
        between(4 * MIB, share / 16, 256 * MIB),
        between(MIB, share / 64, 16 * MIB),
        between(16 * MIB, share / 5, 1024 * MIB),
        between(2 * MIB, share / 64, 20 * MIB));
  }

  static MemoryBudget ofThisProcess(int tasksAtOnce) {
    return of(Runtime.getRuntime().maxMemory(), tasksAtOnce);
  }

  /**
   * Kafka partitions that a task reads at a time, at least 1.
   *
   * @param fetchBytesPerPartition the consumer's {@code max.partition.fetch.bytes}
   * @param largestValue bytes of the largest value seen so far: one batch of records is always
   *     fetched whole
   */
  int window(long fetchBytesPerPartition, long largestValue) {
    return (int)
        between(1, fetchBytes / Math.max(1, Math.max(fetchBytesPerPartition, largestValue)), 1000);
  }

  private static long between(long least, long value, long most) {
    return Math.max(least, Math.min(value, most));
  }
}
