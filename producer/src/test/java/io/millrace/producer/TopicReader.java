package io.millrace.producer;

import io.millrace.core.manifest.Manifest;
import io.millrace.core.manifest.PayloadHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a whole topic with a consumer of its own. */
final class TopicReader {
  private TopicReader() {}

  static List<ConsumerRecord<byte[], byte[]>> read(String bootstrap, String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /** What a true manifest says about these records. */
  static List<Manifest.Entry> account(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<Integer, long[]> accounts = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      long[] account =
          accounts.computeIfAbsent(record.partition(), p -> new long[] {0, record.offset(), 0, 0});
      account[0]++;
      account[2] = record.offset();
      account[3] += PayloadHash.of(record.value(), 0, record.value().length);
    }
    return accounts.entrySet().stream()
        .map(
            e -> {
              long[] a = e.getValue();
              return Manifest.Entry.of(e.getKey(), a[0], 0, a[1], a[2], a[3]);
            })
        .toList();
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
