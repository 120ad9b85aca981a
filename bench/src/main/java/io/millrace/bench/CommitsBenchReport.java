package io.millrace.bench;

import io.millrace.ingest.driver.CommittedBatch;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code bench commits --report} writes; docs/bench.md describes it.
 *
 * @param format version of this layout, 1
 * @param early time from trigger to commit of the early hundred batches
 * @param late the same of the last hundred
 * @param growth late by early
 * @param newestCheckpoint version of the newest checkpoint in the log at the end
 * @param oldestCommit oldest version whose commit is still in the log at the end: more than 0 shows
 *     that clean-up ran
 * @param deltaRs time to open the table with delta-rs; null where there is no python3
 */
record CommitsBenchReport(
    int format,
    int batches,
    int recordsPerBatch,
    Window early,
    Window late,
    Growth growth,
    long newestCheckpoint,
    long oldestCommit,
    OpenTimes deltaRs) {
  static final int FORMAT = 1;

  /**
   * @param first number of the first batch, counted from 1
   * @param last number of the last batch
   */
  record Window(int first, int last, long p50Millis, long p99Millis) {
    static Window of(List<CommittedBatch> batches, int last) {
      int first = last - CommitsBench.WINDOW + 1;
      long[] millis =
          batches.subList(first - 1, last).stream()
              .mapToLong(b -> b.committedMillis() - b.triggerMillis())
              .sorted()
              .toArray();
      return new Window(first, last, percentile(millis, 50), percentile(millis, 99));
    }

    /** The smallest value that at least so many percent don't exceed. */
    static long percentile(long[] sorted, int percent) {
      return sorted[(sorted.length * percent + 99) / 100 - 1];
    }
  }

  /** 1 is none. */
  record Growth(double p50, double p99) {}

  /** Median time to open, of the log in the early window and in the late one. */
  record OpenTimes(double earlyMillis, double lateMillis, double growth) {
    static OpenTimes of(double[] early, double[] late) {
      double before = Spread.of(Arrays.stream(early)).median();
      double after = Spread.of(Arrays.stream(late)).median();
      return new OpenTimes(before, after, after / before);
    }
  }

  static CommitsBenchReport of(
      CommitsBench.Options options,
      List<CommittedBatch> batches,
      long newestCheckpoint,
      long oldestCommit,
      OpenTimes deltaRs) {
    Window early = Window.of(batches, options.earlyEnd());
    Window late = Window.of(batches, batches.size());
    return new CommitsBenchReport(
        FORMAT,
        batches.size(),
        options.recordsPerBatch(),
        early,
        late,
        new Growth(
            (double) late.p50Millis() / Math.max(1, early.p50Millis()),
            (double) late.p99Millis() / Math.max(1, early.p99Millis())),
        newestCheckpoint,
        oldestCommit,
        deltaRs);
  }
}
