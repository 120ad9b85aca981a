package io.millrace.source;

import java.util.ArrayList;
import java.util.List;

/** Splits ranges until there are as many as were asked for, as Spark's Kafka source does. */
final class RangeSplitter {
  private RangeSplitter() {}

  /**
   * The ranges that are not empty; where those are fewer than {@code least}, the longer ones are
   * split in proportion to their length. There may be a few more or less than {@code least}.
   *
   * @param least 0 for one a partition
   */
  static List<OffsetRange> split(List<OffsetRange> ranges, long least) {
    List<OffsetRange> full = ranges.stream().filter(r -> r.size() > 0).toList();
    if (full.size() >= least) {
      return full;
    }
    double all = total(full);
    List<OffsetRange> whole = full.stream().filter(r -> parts(r.size(), all, least) == 1).toList();
    double splitting = all - total(whole);
    long leastOfSplit = Math.max(1, least - whole.size());
    List<OffsetRange> split = new ArrayList<>();
    for (OffsetRange range : full) {
      if (whole.contains(range)) {
        split.add(range);
      } else {
        addParts(range, parts(range.size(), splitting, leastOfSplit), split);
      }
    }
    return split;
  }

  private static double total(List<OffsetRange> ranges) {
    return ranges.stream().mapToDouble(OffsetRange::size).sum();
  }

  private static long parts(long size, double total, long least) {
    return Math.max(1, Math.min(size, Math.round(size / total * least)));
  }

  private static void addParts(OffsetRange range, long parts, List<OffsetRange> split) {
    long from = range.from();
    for (long left = parts; left > 0; left--) {
      long to = from + (range.to() - from) / left;
      split.add(new OffsetRange(range.partition(), from, to));
      from = to;
    }
  }
}
