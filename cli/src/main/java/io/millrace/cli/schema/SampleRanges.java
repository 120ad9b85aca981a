package io.millrace.cli.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which offsets the last records of a topic are. */
final class SampleRanges {
  private SampleRanges() {}

  /**
   * Offsets of one partition.
   *
   * @param from the first one
   * @param to the one behind the last
   */
  record Range(long from, long to) {
    long size() {
      return to - from;
    }
  }

  /**
   * The last offsets of each partition, {@code records} in all: as many of each partition, more of
   * the others where one has fewer. Partitions of which nothing is taken are left out.
   *
   * @param there what each partition holds
   */
  static Map<Integer, Range> last(long records, Map<Integer, Range> there) {
    List<Map.Entry<Integer, Range>> smallestFirst = new ArrayList<>(there.entrySet());
    smallestFirst.sort(
        Comparator.comparingLong((Map.Entry<Integer, Range> e) -> e.getValue().size())
            .thenComparing(Map.Entry::getKey));
    Map<Integer, Range> taken = new TreeMap<>();
    long left = records;
    for (int i = 0; i < smallestFirst.size(); i++) {
      Range range = smallestFirst.get(i).getValue();
      int partitions = smallestFirst.size() - i;
      long share = Math.min(range.size(), (left + partitions - 1) / partitions);
      if (share > 0) {
        taken.put(smallestFirst.get(i).getKey(), new Range(range.to() - share, range.to()));
        left -= share;
      }
    }
    return taken;
  }
}
