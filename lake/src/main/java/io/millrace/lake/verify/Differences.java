package io.millrace.lake.verify;

import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Values found to differ, by partition and column. One thread, no I/O. */
final class Differences {
  /** So many are shown with their values, over the whole stream. */
  private static final int MOST_SHOWN = 20;

  /** One column that is wrong everywhere must not leave the others unshown. */
  private static final int MOST_SHOWN_A_COLUMN = 3;

  /** One that is shown. */
  private static final class Shown {
    final long offset;
    final String table;
    String topic;

    Shown(long offset, String table) {
      this.offset = offset;
      this.table = table;
    }
  }

  private record Key(int partition, int column) {}

  private static final class Group {
    final OffsetSet offsets = new OffsetSet();
    final List<Shown> shown = new ArrayList<>();
  }

  private final List<ValueColumn> columns;
  private final TreeMap<Key, Group> groups =
      new TreeMap<>(Comparator.comparingInt(Key::partition).thenComparingInt(Key::column));
  private int shown;

  Differences(List<ValueColumn> columns) {
    this.columns = columns;
  }

  /** Adds one; whether its value in the table is to be shown. */
  boolean add(int partition, long offset, int column) {
    Group group = groups.computeIfAbsent(new Key(partition, column), k -> new Group());
    return group.offsets.add(offset)
        && shown < MOST_SHOWN
        && group.shown.size() < MOST_SHOWN_A_COLUMN;
  }

  void show(int partition, long offset, int column, String table) {
    groups.get(new Key(partition, column)).shown.add(new Shown(offset, table));
    shown++;
  }

  /** The offsets of those shown: what has to be read from the topic once more. */
  List<Block> shown() {
    List<Block> offsets = new ArrayList<>();
    groups.forEach(
        (key, group) ->
            group.shown.forEach(
                s -> offsets.add(new Block(key.partition, s.offset, s.offset + 1, true))));
    return offsets.stream().distinct().toList();
  }

  /** Enters the values that a record has in the topic. */
  void tell(int partition, long offset, java.util.function.IntFunction<String> topic) {
    for (int c = 0; c < columns.size(); c++) {
      Group group = groups.get(new Key(partition, c));
      if (group != null) {
        for (Shown one : group.shown) {
          one.topic = one.offset == offset ? topic.apply(c) : one.topic;
        }
      }
    }
  }

  boolean any(Block block) {
    return groups.entrySet().stream()
        .anyMatch(
            e ->
                e.getKey().partition == block.partition()
                    && e.getValue().offsets.count(block.from(), block.to()) > 0);
  }

  /** One for each partition and column. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    groups.forEach(
        (key, group) -> {
          String column = columns.get(key.column).name();
          RangeList ranges = new RangeList();
          long values = group.offsets.minus(new OffsetSet(), 0, Long.MAX_VALUE, ranges);
          findings.add(
              new Finding(
                  Kind.VALUES_DIFFER,
                  key.partition,
                  "%d %s from the topic's in column %s"
                      .formatted(values, values == 1 ? "value differs" : "values differ", column),
                  ranges.ranges(),
                  group.shown.stream()
                      .filter(s -> s.topic != null)
                      .sorted(Comparator.comparingLong(s -> s.offset))
                      .map(
                          s ->
                              new ValueDifference(
                                  s.offset,
                                  column,
                                  ValueText.cut(s.topic, s.table),
                                  ValueText.cut(s.table, s.topic)))
                      .toList()));
        });
    return findings;
  }
}
