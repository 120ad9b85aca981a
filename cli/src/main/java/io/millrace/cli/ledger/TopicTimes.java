package io.millrace.cli.ledger;

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

/** A topic's positions at a time, by Kafka's own index of timestamps. */
final class TopicTimes {
  private final String topic;
  private final Map<String, Object> properties;

  /**
   * @param client Kafka client properties
   */
  TopicTimes(String topic, Map<String, String> client) {
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
  SortedMap<Integer, Long> at(Instant time) {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<PartitionInfo> partitions = consumer.partitionsFor(topic);
      if (partitions == null || partitions.isEmpty()) {
        throw new MillraceException(
            ExitCode.USAGE,
            "Topic " + topic + " can't be asked for a time",
            "it does not exist",
            "Give --partition and --offset instead");
      }
      Map<TopicPartition, Long> asked = new HashMap<>();
      partitions.forEach(
          p -> asked.put(new TopicPartition(topic, p.partition()), time.toEpochMilli()));
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
}
