package io.millrace.core.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Names of the columns that say where in Kafka a row came from; an empty one is not written.
 *
 * @param partition INT, default {@code kafka_partition}; without it nothing can be proven
 * @param offset BIGINT, default {@code kafka_offset}; without it nothing can be proven
 * @param timestamp TIMESTAMP, default {@code kafka_timestamp}
 * @param key off by default
 * @param keyFormat what the keys are, and so the type of {@code key}
 * @param headers MAP of STRING to BINARY, off by default
 */
public record KafkaColumns(
    Optional<String> partition,
    Optional<String> offset,
    Optional<String> timestamp,
    Optional<String> key,
    KeyFormat keyFormat,
    Optional<String> headers) {
  /**
   * The column that says which of several topics of one name a row is of: INT, null in rows of the
   * first. A table gets it with the second (docs/ledger.md).
   */
  public static final String GENERATION = "kafka_generation";

  public static final KafkaColumns DEFAULT =
      new KafkaColumns(
          Optional.of("kafka_partition"),
          Optional.of("kafka_offset"),
          Optional.of("kafka_timestamp"),
          Optional.empty());

  /** Keys as bytes, and no headers. */
  public KafkaColumns(
      Optional<String> partition,
      Optional<String> offset,
      Optional<String> timestamp,
      Optional<String> key) {
    this(partition, offset, timestamp, key, KeyFormat.BYTES, Optional.empty());
  }

  /** The columns that are written: their key in the config and their name. */
  public Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    partition.ifPresent(name -> names.put("partition", name));
    offset.ifPresent(name -> names.put("offset", name));
    timestamp.ifPresent(name -> names.put("timestamp", name));
    key.ifPresent(name -> names.put("key", name));
    headers.ifPresent(name -> names.put("headers", name));
    return names;
  }

  /** Whether keys are decoded by schemas of their own. */
  public boolean hasAvroKeys() {
    return key.isPresent() && keyFormat == KeyFormat.AVRO;
  }

  /** Whether verify can match rows with Kafka's offsets. */
  public boolean provable() {
    return partition.isPresent() && offset.isPresent();
  }
}
