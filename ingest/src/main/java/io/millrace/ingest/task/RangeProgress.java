package io.millrace.ingest.task;

import io.millrace.ingest.plan.Range;
import io.millrace.lake.ledger.Ledger;
import org.apache.kafka.common.TopicPartition;

/** How far a task has read one range, and what it met there. */
final class RangeProgress {
  private final Range range;
  private final TopicPartition partition;
  private long position;
  private long rows;
  private long nulls;

  RangeProgress(String topic, Range range) {
    this.range = range;
    this.partition = new TopicPartition(topic, range.partition());
    this.position = range.from();
  }

  TopicPartition partition() {
    return partition;
  }

  long position() {
    return position;
  }

  boolean mustFinish() {
    return range.mustFinish();
  }

  /** Whether the offset belongs to another task or batch. */
  boolean isPast(long offset) {
    return offset >= range.to();
  }

  void addRows(long count) {
    rows += count;
  }

  void addNull() {
    nulls++;
  }

  /**
   * The consumer's position, which runs over offsets without a record for readers; true if it has
   * moved since.
   */
  boolean reached(long consumerPosition) {
    long before = position;
    position = Math.max(position, Math.min(consumerPosition, range.to()));
    return position > before;
  }

  boolean isDone() {
    return position >= range.to();
  }

  Ledger.Taken taken() {
    long empty = position - range.from() - rows - nulls;
    return new Ledger.Taken(range.partition(), range.from(), position, rows, nulls, empty);
  }
}
