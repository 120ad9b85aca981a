package io.millrace.lake.verify;

import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Decides whether one partition's column values are the topic's. No I/O. */
final class ValueJudge {
  private ValueJudge() {}

  /**
   * Compares the sums of both sides block by block; a block that lacks rows is left to those who
   * count offsets.
   */
  static List<Finding> judge(
      int partition, List<ValueColumn> columns, RowAccount rows, TopicAccount topic) {
    List<Finding> findings = new ArrayList<>();
    List<OffsetRange> differing = new ArrayList<>();
    boolean allThere = true;
    Set<Long> blocks = new TreeSet<>(topic.sums.blockIndexes());
    blocks.addAll(rows.sums.blockIndexes());
    for (long block : blocks) {
      long from = Math.max(topic.from(), block << ValueSums.BLOCK_BITS);
      long to = Math.min(topic.to, (block + 1) << ValueSums.BLOCK_BITS);
      if (topic.values.minus(rows.offsets, from, to, null) > 0
          || topic.sums.undecodable.count(from, to) > 0) {
        allThere = false;
      } else if (topic.sums.block(block) != rows.sums.block(block)) {
        differing.add(new OffsetRange(from, to - 1));
      }
    }
    if (!differing.isEmpty()) {
      String which = allThere ? " in " + String.join(", ", columns(columns, rows, topic)) : "";
      findings.add(
          new Finding(
              Kind.VALUES_DIFFER,
              partition,
              "values differ from the topic's" + which + ", somewhere in these ranges",
              differing.subList(0, Math.min(differing.size(), RangeList.MOST))));
    }
    if (topic.sums.undecodable.size() > 0) {
      RangeList ranges = new RangeList();
      topic.sums.undecodable.minus(new OffsetSet(), topic.from(), topic.to, ranges);
      findings.add(
          new Finding(
              Kind.VALUES_NOT_PROVABLE,
              partition,
              "%d records can't be decoded with their writer schema"
                  .formatted(topic.sums.undecodable.size()),
              ranges.ranges()));
    }
    return findings;
  }

  private static List<String> columns(
      List<ValueColumn> columns, RowAccount rows, TopicAccount topic) {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      if (rows.sums.column(c) != topic.sums.column(c)) {
        names.add("column " + columns.get(c).name());
      }
    }
    return names;
  }
}
