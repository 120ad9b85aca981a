package io.millrace.ingest.driver;

import io.millrace.lake.deadletter.DeadLetterEntry;
import io.millrace.lake.deadletter.StoredDeadLetter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * How a dead letter looks in a dead letter topic (docs/dead-letters.md). The names and the form of
 * values, text even for numbers, are those of Kafka Connect's dead letter queue
 * (org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter, KIP-298).
 */
final class PublishedLetter {
  private static final String CONNECT = "__connect.errors.";
  private static final String OURS = "millrace.";

  private PublishedLetter() {}

  /** The record as it came, with its own headers before ours. */
  static ProducerRecord<byte[], byte[]> whole(
      String topic, String stream, StoredDeadLetter letter) {
    Headers headers = new RecordHeaders();
    letter.headers().forEach(headers::add);
    describe(headers, stream, letter.topic(), letter.entry());
    return new ProducerRecord<>(topic, null, null, letter.key(), letter.value(), headers);
  }

  /** In place of one that is too large for the topic: where it is and why, and nothing of it. */
  static ProducerRecord<byte[], byte[]> withoutContent(
      String topic, String stream, String source, DeadLetterEntry entry, long bytes) {
    Headers headers = new RecordHeaders();
    describe(headers, stream, source, entry);
    add(headers, OURS + "left.out.bytes", bytes);
    return new ProducerRecord<>(topic, null, null, null, null, headers);
  }

  private static void describe(
      Headers headers, String stream, String source, DeadLetterEntry entry) {
    add(headers, CONNECT + "topic", source);
    add(headers, CONNECT + "partition", entry.partition());
    add(headers, CONNECT + "offset", entry.offset());
    add(headers, CONNECT + "connector.name", stream);
    add(headers, CONNECT + "exception.class.name", entry.errorClass());
    add(headers, CONNECT + "exception.message", entry.message());
    add(headers, OURS + "error.class", entry.errorClass());
    add(headers, OURS + "timestamp", entry.timestampMillis());
    if (entry.schemaId() != null) {
      add(headers, OURS + "schema.id", entry.schemaId());
    }
  }

  private static void add(Headers headers, String name, Object value) {
    headers.add(name, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes of key, value and headers as they came. */
  static long bytes(StoredDeadLetter letter) {
    long bytes = length(letter.key()) + length(letter.value());
    for (Header header : letter.headers()) {
      bytes += header.key().length() + length(header.value());
    }
    return bytes;
  }

  private static long length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
