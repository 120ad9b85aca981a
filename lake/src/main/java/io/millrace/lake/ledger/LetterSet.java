package io.millrace.lake.ledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Some of a stream's dead letters, kept small: a range of offsets means all dead letters in it,
 * whatever rows lie between them, so that all of a bad hour are one range. That is exact, because
 * the dead letters below a ledger's {@code next} never change. Immutable.
 *
 * @param partitions by Kafka partition
 */
public record LetterSet(SortedMap<Integer, Part> partitions) {
  public static final LetterSet EMPTY = new LetterSet(new TreeMap<>());

  /** Tells dead letters apart. */
  @FunctionalInterface
  public interface Letters {
    boolean contains(int partition, long offset);
  }

  /**
   * Those of one partition.
   *
   * @param count how many they are
   * @param ranges first and last offset of each range, both dead letters, ascending
   */
  public record Part(long count, List<Long> ranges) {
    public Part {
      ranges = List.copyOf(ranges);
      long before = -1;
      for (int i = 0; i < ranges.size(); i += 2) {
        if (ranges.size() % 2 != 0
            || ranges.get(i) <= before
            || ranges.get(i + 1) < ranges.get(i)) {
          throw new IllegalArgumentException("its ranges don't ascend: " + ranges);
        }
        before = ranges.get(i + 1);
      }
      if (count < ranges.size() / 2) {
        throw new IllegalArgumentException(
            "it counts %d dead letters in %d ranges".formatted(count, ranges.size() / 2));
      }
    }

    /** Whether a dead letter of the partition is one of these. */
    public boolean contains(long offset) {
      int place = Collections.binarySearch(ranges, offset);
      // An end of a range, or between its first and its last offset.
      return place >= 0 || (-place - 1) % 2 == 1;
    }
  }

  public LetterSet {
    partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
  }

  /**
   * Those of the dead letters that are wanted.
   *
   * @param all offsets of all dead letters, ascending, by partition
   */
  public static LetterSet of(Map<Integer, long[]> all, Letters wanted) {
    SortedMap<Integer, Part> parts = new TreeMap<>();
    all.forEach(
        (partition, offsets) -> {
          List<Long> ranges = new ArrayList<>();
          long count = 0;
          boolean open = false;
          for (long offset : offsets) {
            if (!wanted.contains(partition, offset)) {
              open = false;
              continue;
            }
            count++;
            if (open) {
              ranges.set(ranges.size() - 1, offset);
            } else {
              ranges.add(offset);
              ranges.add(offset);
            }
            open = true;
          }
          if (count > 0) {
            parts.put(partition, new Part(count, ranges));
          }
        });
    return new LetterSet(parts);
  }

  /** Whether a dead letter is one of these; says nothing of offsets that are none. */
  public boolean contains(int partition, long offset) {
    Part part = partitions.get(partition);
    return part != null && part.contains(offset);
  }

  public long count() {
    return partitions.values().stream().mapToLong(Part::count).sum();
  }

  int ranges() {
    return partitions.values().stream().mapToInt(part -> part.ranges().size() / 2).sum();
  }
}
