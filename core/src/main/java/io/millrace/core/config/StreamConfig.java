package io.millrace.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One stream: a topic that flows into a table. Valid once made; the loader collects what is wrong.
 *
 * @param name the stream's name: key in the config, ledger domain and transaction id
 * @param topic the Kafka topic
 * @param table any Hadoop path; a path without scheme is a local one
 * @param subject the registry subject whose latest schema a new table gets; default {@code
 *     <topic>-value}
 * @param startingOffsets only looked at where the table has no ledger for the stream
 * @param triggerInterval time from one trigger to the next; zero means as fast as possible
 * @param maxRecordsPerTrigger most Kafka offsets one batch plans for, over all partitions
 * @param maxBytesPerTrigger most bytes of Kafka values one batch takes; a task ends its ranges
 *     early when its share is used up
 * @param targetFileBytes a data file is ended once it is about this large
 * @param compression codec of the Parquet pages
 * @param columns names of the Kafka columns, and what they store
 * @param nullValues what a null value does
 * @param partitionBy the derived table partition column, if any
 * @param tableProperties Delta table properties, set when the table is created
 * @param maxRestarts how often a stream that failed is started again without a committed batch
 *     between
 * @param restartFor how long it is, where only the broker, the registry, the storage or memory
 *     failed, however often
 * @param kafka Kafka client properties of this stream, over those of {@link MillraceConfig#kafka}
 * @param numberTypes which columns Avro's int and float get
 * @param unknownSchemaAfter how long a registry may answer that it does not know a schema id before
 *     that counts: its replicas lag
 * @param rules what must hold of fields beyond their types; other records are dead letters
 * @param breaker when the stream stops because of its dead letters; empty for never
 * @param maxRecordBytes largest value that becomes a row; larger ones are dead letters
 * @param deadLetterTopic where dead letters are published beside their table; empty for nowhere
 * @param sql makes at most one row of each record; empty where its fields are the row
 * @param consumerGroup whose offsets in Kafka say where the stream stands, for others to look at;
 *     empty for none
 */
public record StreamConfig(
    String name,
    String topic,
    String table,
    String subject,
    StartingOffsets startingOffsets,
    Duration triggerInterval,
    long maxRecordsPerTrigger,
    long maxBytesPerTrigger,
    long targetFileBytes,
    Compression compression,
    KafkaColumns columns,
    NullValues nullValues,
    Optional<PartitionBy> partitionBy,
    Map<String, String> tableProperties,
    int maxRestarts,
    Duration restartFor,
    Map<String, String> kafka,
    NumberTypes numberTypes,
    Duration unknownSchemaAfter,
    List<FieldRule> rules,
    Optional<Breaker> breaker,
    OptionalLong maxRecordBytes,
    Optional<String> deadLetterTopic,
    Optional<String> sql,
    Optional<String> consumerGroup) {

  public StreamConfig {
    require(!triggerInterval.isNegative(), "triggerInterval", triggerInterval);
    require(maxRecordsPerTrigger > 0, "maxRecordsPerTrigger", maxRecordsPerTrigger);
    require(maxBytesPerTrigger > 0, "maxBytesPerTrigger", maxBytesPerTrigger);
    require(targetFileBytes > 0, "targetFileBytes", targetFileBytes);
    require(maxRestarts >= 0, "maxRestarts", maxRestarts);
    require(!restartFor.isNegative(), "restartFor", restartFor);
    require(!unknownSchemaAfter.isNegative(), "unknownSchemaAfter", unknownSchemaAfter);
    require(!deadLetterTopic.equals(Optional.of(topic)), "deadLetterTopic", topic);
    rules = List.copyOf(rules);
    tableProperties = Map.copyOf(tableProperties);
    kafka = Map.copyOf(kafka);
  }

  private static void require(boolean right, String key, Object value) {
    if (!right) {
      throw new IllegalArgumentException(key + " can't be " + value);
    }
  }

  /** A stream with every default; for programs and tests. */
  public static StreamConfig of(String name, String topic, String table) {
    return new StreamConfig(
        name,
        topic,
        table,
        topic + "-value",
        new StartingOffsets.Earliest(),
        Duration.ofSeconds(1),
        5_000_000,
        1L << 30,
        128L << 20,
        Compression.ZSTD,
        KafkaColumns.DEFAULT,
        NullValues.SKIP,
        Optional.empty(),
        Map.of(),
        3,
        Duration.ofHours(1),
        Map.of(),
        NumberTypes.WIDE,
        Duration.ofMinutes(1),
        List.of(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of("millrace-" + name));
  }

  /** The registry subject of the topic's keys, where they are Avro. */
  public String keySubject() {
    return topic + "-key";
  }

  /** Without what must not be printed. */
  @Override
  public String toString() {
    return "StreamConfig[%s: %s -> %s]".formatted(name, topic, table);
  }
}
