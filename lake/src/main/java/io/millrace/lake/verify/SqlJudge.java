package io.millrace.lake.verify;

import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.List;

/** Decides whether one partition's rows and dead letters are those of the stream's SQL. No I/O. */
final class SqlJudge {
  private final int partition;
  private final TopicAccount topic;
  private final List<Finding> findings = new ArrayList<>();

  private SqlJudge(int partition, TopicAccount topic) {
    this.partition = partition;
    this.topic = topic;
  }

  /**
   * What was decided.
   *
   * @param missing records that should be rows or dead letters and are neither
   */
  record Judgement(List<Finding> findings, long missing) {}

  /**
   * @param kept offsets that are a row or a dead letter
   * @param rows offsets that are a row
   */
  static Judgement judge(int partition, OffsetSet kept, OffsetSet rows, TopicAccount topic) {
    return topic.hasSql()
        ? new SqlJudge(partition, topic).judge(kept, rows)
        : new Judgement(List.of(), 0);
  }

  private Judgement judge(OffsetSet kept, OffsetSet rows) {
    SqlAccount sql = topic.sql();
    RangeList holes = new RangeList();
    OffsetSet explained = kept.or(sql.filtered).or(sql.unknown);
    long missing = topic.values.minus(explained, topic.from(), topic.to, holes);
    add(
        Kind.MISSING_ROWS,
        missing,
        "%d delivered records are neither a row nor a dead letter, and the sql does not filter them",
        holes);
    RangeList filtered = new RangeList();
    add(
        Kind.ROWS_BEYOND_SQL,
        sql.filtered.and(rows, topic.from(), topic.to, filtered),
        "%d rows are of records that the sql filters",
        filtered);
    RangeList failed = new RangeList();
    add(
        Kind.ROWS_BEYOND_SQL,
        sql.failed.and(rows, topic.from(), topic.to, failed),
        "%d rows are of records that the sql has no value for",
        failed);
    RangeList needless = new RangeList();
    add(
        Kind.DEAD_LETTERS_BEYOND_SQL,
        sql.needless.minus(new OffsetSet(), topic.from(), topic.to, needless),
        "%d dead letters say that the sql fails for them, and it does not",
        needless);
    return new Judgement(findings, missing);
  }

  private void add(Kind kind, long offsets, String text, RangeList ranges) {
    if (offsets > 0) {
      findings.add(new Finding(kind, partition, text.formatted(offsets), ranges.ranges()));
    }
  }
}
