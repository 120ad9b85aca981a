package io.millrace.source;

import java.util.SortedMap;

/** Where a read begins or ends, as its options say. */
sealed interface Bound {
  /** In JSON, the number for a partition's first record that is still there. */
  long EARLIEST = -2;

  /** In JSON, the number for a partition's end. */
  long LATEST = -1;

  /** Each partition's first record that is still there. */
  record Earliest() implements Bound {}

  /** Each partition's end. */
  record Latest() implements Bound {}

  /** An offset for each partition, or {@link #EARLIEST} or {@link #LATEST}. */
  record Offsets(SortedMap<Integer, Long> byPartition) implements Bound {}

  /** In each partition, the first record at or after this time, in milliseconds. */
  record Time(long millis) implements Bound {}

  /** As {@link Time}, with a time for each partition. */
  record Times(SortedMap<Integer, Long> byPartition) implements Bound {}
}
