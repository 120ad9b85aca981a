package io.millrace.ingest.plan;

import java.util.List;
import java.util.SortedMap;

/**
 * One batch.
 *
 * @param number counts the plans of one run, from 1
 * @param targets for each partition the offset that the batch goes up to
 * @param tasks the ranges of each task, in the order to read them; empty where there is nothing
 * @param bytesPerTask bytes of values after which a task ends its ranges early
 */
public record BatchPlan(
    long number, SortedMap<Integer, Long> targets, List<List<Range>> tasks, long bytesPerTask) {
  /** Offsets in all ranges. */
  public long offsets() {
    return tasks.stream().flatMap(List::stream).mapToLong(Range::offsets).sum();
  }
}
