package io.millrace.lake.ledger;

import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** Partition numbers as people write pages to print: {@code 0-99,105}. */
final class PartitionRuns {
  /** Far more than Kafka can have in a topic; a damaged run must not fill the heap. */
  private static final int MOST = 1_000_000;

  private PartitionRuns() {}

  /**
   * @param partitions ascending
   */
  static String write(Collection<Integer> partitions) {
    StringBuilder text = new StringBuilder();
    int first = -1;
    int last = -2;
    for (int partition : partitions) {
      if (partition != last + 1) {
        end(text, first, last);
        text.append(text.isEmpty() ? "" : ",").append(partition);
        first = partition;
      }
      last = partition;
    }
    end(text, first, last);
    return text.toString();
  }

  private static void end(StringBuilder text, int first, int last) {
    if (last > first && first >= 0) {
      text.append('-').append(last);
    }
  }

  /**
   * @throws IllegalArgumentException where the text is no such list, or not ascending
   */
  static SortedSet<Integer> read(String text) {
    SortedSet<Integer> partitions = new TreeSet<>();
    if (text.isEmpty()) {
      return partitions;
    }
    for (String run : text.split(",", -1)) {
      int dash = run.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? run : run.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(run.substring(dash + 1));
      boolean ascends = partitions.isEmpty() || first > partitions.last();
      if (first < 0 || last < first || !ascends || last - first >= MOST - partitions.size()) {
        throw new IllegalArgumentException("\"" + run + "\" is no run of partitions there");
      }
      for (int partition = first; partition <= last; partition++) {
        partitions.add(partition);
      }
    }
    return partitions;
  }
}
