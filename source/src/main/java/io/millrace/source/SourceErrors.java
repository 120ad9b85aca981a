package io.millrace.source;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The errors of a read, worded for whoever has to act on them. */
final class SourceErrors {
  private SourceErrors() {}

  static MillraceException usage(String problem, String reason, String remedy, Throwable cause) {
    return new MillraceException(ExitCode.USAGE, problem, reason, remedy, cause);
  }

  static MillraceException badRecord(ConsumerRecord<?, ?> record, Exception cause) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "The record at " + place(record) + " can't be read",
        reason(cause),
        "Set option onBadRecord to skip to leave such records out and count them",
        cause);
  }

  private static String reason(Exception cause) {
    return cause instanceof MillraceException known
        ? known.problem() + ": " + known.reason()
        : cause.getMessage();
  }

  static MillraceException nullValue(ConsumerRecord<?, ?> record) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "The record at " + place(record) + " can't be read",
        "its value is null and option nullValues is fail",
        "Set option nullValues to skip to leave such records out and count them");
  }

  private static String place(ConsumerRecord<?, ?> record) {
    return "topic %s, partition %d, offset %d"
        .formatted(record.topic(), record.partition(), record.offset());
  }

  static MillraceException dataLoss(String topic, String what, Throwable cause) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "Records of topic " + topic + " are gone before they were read",
        what,
        "Compare the topic's retention with how far the query is behind; set option failOnDataLoss"
            + " to false to go on with what is there",
        cause);
  }

  static MillraceException noProgress(TopicPartition partition, long position, Duration waited) {
    return new MillraceException(
        ExitCode.UNREACHABLE,
        "Topic %s, partition %d can't be read".formatted(partition.topic(), partition.partition()),
        "for %d s nothing came after offset %d".formatted(waited.toSeconds(), position),
        "Look whether the broker that leads it runs and can be reached");
  }

  static MillraceException internal(TopicPartition partition, Throwable cause) {
    return new MillraceException(
        ExitCode.INTERNAL,
        "Topic %s, partition %d can't be read".formatted(partition.topic(), partition.partition()),
        String.valueOf(cause),
        "This is a fault of Millrace: please report it",
        cause);
  }

  /** In the one unchecked form that Spark takes for the end of a stopped query. */
  static UncheckedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new UncheckedIOException(new ClosedByInterruptException());
  }
}
