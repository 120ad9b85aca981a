package io.millrace.ingest.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Plans one batch from where the ledger stands, what Kafka has and the limits. */
public final class Planner {
  /** Fewer records than this are not worth a task of their own. */
  static final long MIN_RECORDS_PER_TASK = 20_000;

  /** A range is split where it is longer than a task's even share by this factor. */
  private static final double SPLIT_ABOVE = 1.25;

  private Planner() {}

  /**
   * @param bytesPerRecord average size of a value as seen so far, 0 where nothing is known yet
   * @param whole partitions whose ranges stay in one piece, because they may end early
   * @param number of the plan; also rotates which partitions come first, so that none starves
   */
  public static BatchPlan plan(
      List<Backlog> backlog,
      Limits limits,
      double bytesPerRecord,
      Set<Integer> whole,
      long number) {
    long mostRecords = limits.records();
    if (bytesPerRecord > 0) {
      mostRecords = Math.min(mostRecords, Math.max(1, (long) (limits.bytes() / bytesPerRecord)));
    }
    List<Backlog> waiting = rotated(backlog.stream().filter(b -> b.offsets() > 0).toList(), number);
    List<Range> ranges = spread(waiting, mostRecords);
    long total = ranges.stream().mapToLong(Range::offsets).sum();
    SortedMap<Integer, Long> targets = new TreeMap<>();
    backlog.forEach(b -> targets.put(b.partition(), b.next()));
    ranges.forEach(r -> targets.put(r.partition(), r.to()));
    int tasks = tasks(total, limits.tasks());
    // A split range must be finished whatever its bytes, so their size has to be known.
    List<Range> pieces = bytesPerRecord > 0 ? split(ranges, whole, total, tasks) : ranges;
    return new BatchPlan(
        number, targets, pack(pieces, tasks), Math.max(1, limits.bytes() / Math.max(1, tasks)));
  }

  private static int tasks(long records, int most) {
    long wanted = (records + MIN_RECORDS_PER_TASK - 1) / MIN_RECORDS_PER_TASK;
    return (int) Math.min(most, wanted);
  }

  private static List<Backlog> rotated(List<Backlog> waiting, long number) {
    if (waiting.isEmpty()) {
      return waiting;
    }
    int first = (int) Math.floorMod(number, (long) waiting.size());
    List<Backlog> rotated = new ArrayList<>(waiting.subList(first, waiting.size()));
    rotated.addAll(waiting.subList(0, first));
    return rotated;
  }

  /** Shares out the records in proportion to what waits, as Spark's Kafka source does. */
  private static List<Range> spread(List<Backlog> waiting, long mostRecords) {
    long total = waiting.stream().mapToLong(Backlog::offsets).sum();
    long[] shares = new long[waiting.size()];
    long left = Math.min(total, mostRecords);
    for (int i = 0; i < shares.length; i++) {
      long offsets = waiting.get(i).offsets();
      shares[i] =
          total <= mostRecords
              ? offsets
              : Math.min(offsets, (long) ((double) mostRecords * offsets / total));
      left -= shares[i];
    }
    for (int i = 0; left > 0; i = (i + 1) % shares.length) {
      long more = Math.min(1, waiting.get(i).offsets() - shares[i]);
      shares[i] += more;
      left -= more;
    }
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] > 0) {
        Backlog b = waiting.get(i);
        ranges.add(new Range(b.partition(), b.next(), b.next() + shares[i], false));
      }
    }
    return ranges;
  }

  /** Cuts ranges that would keep one task busy after the others have ended. */
  private static List<Range> split(List<Range> ranges, Set<Integer> whole, long total, int tasks) {
    if (tasks < 2) {
      return ranges;
    }
    long share = (total + tasks - 1) / tasks;
    List<Range> pieces = new ArrayList<>();
    for (Range range : ranges) {
      if (range.offsets() <= share * SPLIT_ABOVE || whole.contains(range.partition())) {
        pieces.add(range);
        continue;
      }
      long count = (range.offsets() + share - 1) / share;
      long length = (range.offsets() + count - 1) / count;
      for (long from = range.from(); from < range.to(); from += length) {
        long to = Math.min(range.to(), from + length);
        pieces.add(new Range(range.partition(), from, to, to < range.to()));
      }
    }
    return pieces;
  }

  /** Longest first onto the task that has least; in a task, what must be finished comes first. */
  private static List<List<Range>> pack(List<Range> pieces, int tasks) {
    List<List<Integer>> packed = new ArrayList<>();
    long[] loads = new long[tasks];
    PriorityQueue<Integer> lightest =
        new PriorityQueue<>(
            Comparator.<Integer>comparingLong(t -> loads[t]).thenComparingInt(t -> t));
    for (int t = 0; t < tasks; t++) {
      packed.add(new ArrayList<>());
      lightest.add(t);
    }
    List<Integer> longestFirst =
        IntStream.range(0, pieces.size())
            .boxed()
            .sorted(Comparator.<Integer>comparingLong(i -> pieces.get(i).offsets()).reversed())
            .toList();
    for (int i : longestFirst) {
      int task = lightest.remove();
      packed.get(task).add(i);
      loads[task] += pieces.get(i).offsets();
      lightest.add(task);
    }
    Comparator<Integer> order =
        Comparator.<Integer, Boolean>comparing(i -> !pieces.get(i).mustFinish())
            .thenComparingInt(i -> i);
    return packed.stream()
        .filter(task -> !task.isEmpty())
        .map(task -> task.stream().sorted(order).map(pieces::get).toList())
        .toList();
  }
}
