package io.millrace.lake.deadletter;

import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * A record that has no row, as it came, and why.
 *
 * @param timestampMillis Kafka's
 * @param key null where the record has none
 * @param value null where the record's is null
 * @param schemaId null where the record has none, or none that could be read
 * @param message for people, null for none; what is beyond {@value #MOST_MESSAGE_CHARS} characters
 *     is cut
 */
public record DeadLetter(
    String topic,
    int partition,
    long offset,
    long timestampMillis,
    byte[] key,
    byte[] value,
    Headers headers,
    Integer schemaId,
    ErrorClass errorClass,
    String message) {
  static final int MOST_MESSAGE_CHARS = 1000;

  public DeadLetter {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(headers, "headers");
    Objects.requireNonNull(errorClass, "errorClass");
    message = cut(message);
  }

  /** A message as it is kept; null is none. */
  public static String cut(String message) {
    String text = message == null ? "" : message;
    return text.length() <= MOST_MESSAGE_CHARS ? text : text.substring(0, MOST_MESSAGE_CHARS);
  }

  /** A record that was polled with other deserializers than those of bytes. */
  public static DeadLetter of(
      ConsumerRecord<?, ?> record,
      byte[] key,
      byte[] value,
      Integer schemaId,
      ErrorClass errorClass,
      String message) {
    return new DeadLetter(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        key,
        value,
        record.headers(),
        schemaId,
        errorClass,
        message);
  }
}
