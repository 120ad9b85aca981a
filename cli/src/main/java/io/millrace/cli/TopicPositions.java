package io.millrace.cli;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Where a topic's partitions end, or stood at a time by Kafka's own index of timestamps. */
public final class TopicPositions {
  private final String topic;
  private final Map<String, Object> properties;

  /**
   * @param client Kafka client properties
   */
  public TopicPositions(String topic, Map<String, String> client) {
    this.topic = topic;
    properties = new HashMap<>(client);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
  }

  /**
   * For each partition the offset of the first record at or after the time; where there is none,
   * the offset after the last record.
   *
   * @throws MillraceException {@code USAGE} where the topic does not exist
   * @throws org.apache.kafka.common.KafkaException where Kafka does not answer
   */
  public SortedMap<Integer, Long> at(Instant time) {
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      Map<TopicPartition, Long> asked = new HashMap<>();
      partitions(consumer).forEach(p -> asked.put(p, time.toEpochMilli()));
      Map<TopicPartition, Long> ends = consumer.endOffsets(asked.keySet());
      Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(asked);
      SortedMap<Integer, Long> positions = new TreeMap<>();
      ends.forEach(
          (partition, end) -> {
            OffsetAndTimestamp at = found.get(partition);
            positions.put(partition.partition(), at == null ? end : Math.min(end, at.offset()));
          });
      return positions;
    }
  }

  /**
   * For each partition the offset after the last record that readers see.
   *
   * @throws MillraceException {@code USAGE} where the topic does not exist
   * @throws org.apache.kafka.common.KafkaException where Kafka does not answer
   */
  public SortedMap<Integer, Long> ends() {
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      SortedMap<Integer, Long> positions = new TreeMap<>();
      consumer
          .endOffsets(partitions(consumer))
          .forEach((partition, end) -> positions.put(partition.partition(), end));
      return positions;
    }
  }

  private Consumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    if (partitions == null || partitions.isEmpty()) {
      throw new MillraceException(
          ExitCode.USAGE,
          "Topic " + topic + " has no positions",
          "it does not exist",
          "Correct the topic's name; of one that was deleted the table can still be asked with"
              + " --partition and --offset");
    }
    return partitions.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
  }
}
