package io.millrace.bench;

import io.millrace.ingest.driver.CommittedBatch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What {@code bench evolution --report} writes; docs/bench.md describes it.
 *
 * @param format version of this layout, 1
 * @param commits that took something from the topic
 * @param deadLetters records that can't be rows
 * @param tableSchemaChanges versions of the table that are no such commits: each brought columns
 * @param verified whether {@code millrace verify} found each record just once
 */
record EvolutionBenchReport(
    int format,
    int recordsPerSecond,
    double brokenPercent,
    int commits,
    long rows,
    long deadLetters,
    long tableSchemaChanges,
    Gaps gaps,
    boolean verified) {
  static final int FORMAT = 1;

  /**
   * Time from one commit to the next while records were sent, milliseconds.
   *
   * @param longestWithSchemaChangeMillis of those in which the table's schema was changed
   */
  record Gaps(
      long p50Millis, long p99Millis, long longestMillis, long longestWithSchemaChangeMillis) {
    /** Of at least two commits. */
    static Gaps of(List<CommittedBatch> batches) {
      long[] gaps = IntStream.range(1, batches.size()).mapToLong(i -> gap(batches, i)).toArray();
      long changing =
          IntStream.range(1, batches.size())
              .filter(i -> batches.get(i).version() > batches.get(i - 1).version() + 1)
              .mapToLong(i -> gap(batches, i))
              .max()
              .orElse(0);
      Arrays.sort(gaps);
      return new Gaps(
          CommitsBenchReport.Window.percentile(gaps, 50),
          CommitsBenchReport.Window.percentile(gaps, 99),
          gaps[gaps.length - 1],
          changing);
    }

    private static long gap(List<CommittedBatch> batches, int i) {
      return batches.get(i).committedMillis() - batches.get(i - 1).committedMillis();
    }
  }

  /**
   * @param sentUntil when the last record was acknowledged, milliseconds since the epoch
   */
  static EvolutionBenchReport of(
      EvolutionBench.Options options,
      List<CommittedBatch> batches,
      long sentUntil,
      boolean verified) {
    CommittedBatch first = batches.get(0);
    CommittedBatch last = batches.get(batches.size() - 1);
    return new EvolutionBenchReport(
        FORMAT,
        options.rate(),
        options.brokenPercent(),
        batches.size(),
        batches.stream().mapToLong(CommittedBatch::rows).sum(),
        batches.stream().mapToLong(CommittedBatch::deadLetters).sum(),
        last.version() - first.version() - (batches.size() - 1),
        Gaps.of(batches.stream().filter(b -> b.triggerMillis() <= sentUntil).toList()),
        verified);
  }
}
