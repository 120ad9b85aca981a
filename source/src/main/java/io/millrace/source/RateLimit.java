package io.millrace.source;

import java.util.SortedMap;
import java.util.TreeMap;

/** How far a batch goes where the query bounds its size, as in Spark's Kafka source. */
final class RateLimit {
  private RateLimit() {}

  /**
   * Shares a number of offsets out in proportion to what each partition has; every partition that
   * has some gets at least one, so that small ones don't starve.
   *
   * @param from the next offset of each partition of {@code until}
   */
  static SortedMap<Integer, Long> atMost(
      long offsets, SortedMap<Integer, Long> from, SortedMap<Integer, Long> until) {
    double total = 0;
    for (int partition : until.keySet()) {
      total += Math.max(0, until.get(partition) - from.get(partition));
    }
    SortedMap<Integer, Long> limited = new TreeMap<>(until);
    for (int partition : until.keySet()) {
      long begin = from.get(partition);
      long size = until.get(partition) - begin;
      if (size > 0) {
        double share = offsets * (size / total);
        long taken = (long) (share < 1 ? Math.ceil(share) : Math.floor(share));
        limited.put(partition, begin + Math.min(size, taken));
      }
    }
    return limited;
  }

  /** Offsets between, over all partitions. */
  static long between(SortedMap<Integer, Long> from, SortedMap<Integer, Long> until) {
    return until.entrySet().stream()
        .mapToLong(e -> Math.max(0, e.getValue() - from.get(e.getKey())))
        .sum();
  }
}
