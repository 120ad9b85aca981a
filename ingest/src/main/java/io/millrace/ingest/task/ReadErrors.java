package io.millrace.ingest.task;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.RecordDeserializationException;

/** The errors of reading, worded for whoever has to act on them. */
final class ReadErrors {
  private ReadErrors() {}

  static MillraceException undecodable(
      TaskSpec spec, ConsumerRecord<?, ?> record, RowDecoder.Failure failure) {
    String schema = failure.schema() == null ? "no schema id" : failure.schema().toString();
    return new MillraceException(
        ExitCode.PROTECTED,
        "Stream %s can't store the record at topic %s, partition %d, offset %d (%s)"
            .formatted(spec.stream(), record.topic(), record.partition(), record.offset(), schema),
        failure.cause().getMessage(),
        "Nothing of this batch was committed; remove the cause and start the stream again",
        failure.cause());
  }

  static MillraceException nullValue(TaskSpec spec, ConsumerRecord<?, ?> record) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "Stream %s can't store the record at topic %s, partition %d, offset %d"
            .formatted(spec.stream(), record.topic(), record.partition(), record.offset()),
        "its value is null and the stream's nullValues is fail",
        "Nothing of this batch was committed; set nullValues to skip to leave such records out and"
            + " count them");
  }

  static MillraceException brokenDecoder(TaskSpec spec, RecordDeserializationException e) {
    return new MillraceException(
        ExitCode.INTERNAL,
        "Stream %s failed at topic %s, partition %d, offset %d"
            .formatted(
                spec.stream(),
                e.topicPartition().topic(),
                e.topicPartition().partition(),
                e.offset()),
        String.valueOf(e.getCause()),
        "This is a fault of Millrace: please report it",
        e);
  }

  static MillraceException outOfRange(TaskSpec spec, OffsetOutOfRangeException e) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "Stream %s can't go on in topic %s".formatted(spec.stream(), spec.topic()),
        "Kafka no longer has the offsets " + e.offsetOutOfRangePartitions(),
        "Records were removed before they were read, by retention or by hand: compare the topic's"
            + " retention with how far the stream is behind",
        e);
  }

  static MillraceException noProgress(TaskSpec spec, List<RangeProgress> active, Duration waited) {
    RangeProgress first = active.get(0);
    return new MillraceException(
        ExitCode.UNREACHABLE,
        "Stream %s gets no records of topic %s".formatted(spec.stream(), spec.topic()),
        "for %d s nothing came from %d partitions, the first is partition %d at offset %d"
            .formatted(
                waited.toSeconds(), active.size(), first.partition().partition(), first.position()),
        "Look whether the brokers of these partitions run and can be reached");
  }

  static MillraceException cancelled(TaskSpec spec) {
    return new MillraceException(
        ExitCode.INTERRUPTED, "A task of stream " + spec.stream(), "it was cancelled", "");
  }
}
