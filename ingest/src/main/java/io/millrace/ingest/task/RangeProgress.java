package io.millrace.ingest.task;

import io.millrace.core.wire.SchemaKey;
import io.millrace.ingest.plan.Range;
import io.millrace.lake.ledger.Taken;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** How far a task has read one range, and what it met there. */
final class RangeProgress {
  private final Range range;
  private final TopicPartition partition;
  private long position;
  private long end;
  private long rows;
  private long nulls;
  private long dead;
  private long filtered;
  private SchemaNotThereException hold;
  private SchemaKey heldSchema;

  RangeProgress(String topic, Range range) {
    this.range = range;
    this.partition = new TopicPartition(topic, range.partition());
    this.position = range.from();
    this.end = range.to();
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
    return offset >= end;
  }

  /** Ends the range before a record whose schema can't be had now. */
  void holdBefore(long offset, SchemaKey schema, SchemaNotThereException cause) {
    end = offset;
    hold = cause;
    heldSchema = schema;
  }

  /** The record that the range ended at too early; empty where it did not. */
  Optional<TaskResult.Held> held() {
    return Optional.ofNullable(hold)
        .map(
            cause ->
                new TaskResult.Held(
                    range.partition(), end, heldSchema, TaskResult.Refusal.of(cause.failure())));
  }

  void addRows(long count) {
    rows += count;
  }

  void addNull() {
    nulls++;
  }

  void addDeadLetter() {
    dead++;
  }

  void addFiltered() {
    filtered++;
  }

  /**
   * The consumer's position, which runs over offsets without a record for readers; true if it has
   * moved since.
   */
  boolean reached(long consumerPosition) {
    long before = position;
    position = Math.max(position, Math.min(consumerPosition, end));
    return position > before;
  }

  boolean isDone() {
    return position >= end;
  }

  Taken taken() {
    long empty = position - range.from() - rows - nulls - dead - filtered;
    return new Taken(range.partition(), range.from(), position, rows, nulls, dead, filtered, empty);
  }
}
