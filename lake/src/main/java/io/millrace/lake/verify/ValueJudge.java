package io.millrace.lake.verify;

import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Decides by the sums of one partition's column values what has to be looked at. No I/O. */
final class ValueJudge {
  private ValueJudge() {}

  /**
   * Blocks whose sums differ, ascending. Those that lack rows, or hold a record that can't be
   * decoded or stored, may differ anyway: they are among them where they have any row to compare.
   */
  static List<Block> suspects(int partition, RowAccount rows, TopicAccount topic) {
    List<Block> suspects = new ArrayList<>();
    Set<Long> indexes = new TreeSet<>(topic.sums.blockIndexes());
    indexes.addAll(rows.sums.blockIndexes());
    for (long index : indexes) {
      long from = Math.max(topic.from(), index << ValueSums.BLOCK_BITS);
      long to = Math.min(topic.to, (index + 1) << ValueSums.BLOCK_BITS);
      boolean complete =
          topic.lacking(rows.offsets, from, to) == 0
              && topic.sums.undecodable.count(from, to) == 0
              && topic.sums.unstorable.count(from, to) == 0;
      boolean comparable = complete || rows.sums.blockIndexes().contains(index);
      if (comparable && topic.sums.block(index) != rows.sums.block(index)) {
        suspects.add(new Block(partition, from, to, complete));
      }
    }
    return suspects;
  }

  /** Records whose values can't be compared. */
  static Optional<Finding> undecodable(int partition, TopicAccount topic) {
    if (topic.sums.undecodable.size() == 0) {
      return Optional.empty();
    }
    RangeList ranges = new RangeList();
    topic.sums.undecodable.minus(new OffsetSet(), topic.from(), topic.to, ranges);
    return Optional.of(
        new Finding(
            Kind.VALUES_NOT_PROVABLE,
            partition,
            "%d records can't be decoded with their writer schema"
                .formatted(topic.sums.undecodable.size()),
            ranges.ranges()));
  }

  /** Rows that are there although the table's columns can't hold their record's values. */
  static Optional<Finding> unstorable(int partition, RowAccount rows, TopicAccount topic) {
    RangeList ranges = new RangeList();
    long stored = topic.sums.unstorable.and(rows.offsets, topic.from(), topic.to, ranges);
    if (stored == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            Kind.UNSTORABLE_ROWS,
            partition,
            "%d %s that the table's columns can't hold (such values are in %s)"
                .formatted(
                    stored,
                    stored == 1 ? "row is of a record" : "rows are of records",
                    String.join(", ", topic.sums.unstorableFields())),
            ranges.ranges()));
  }
}
