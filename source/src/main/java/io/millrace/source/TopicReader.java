package io.millrace.source;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** A consumer with the columns that it decodes into; costly to make, so kept from task to task. */
final class TopicReader {
  private static final Duration POLL = Duration.ofMillis(200);

  /** A task reads one partition, and a poll fills one batch of columns. */
  private static final Map<String, Integer> SIZES =
      Map.of(
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
          4 << 20,
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
          1024);

  private final SlotDecoder decoder;
  private final KafkaConsumer<Void, Integer> consumer;
  private TopicPartition partition;

  TopicReader(Map<String, String> kafka) {
    KeyHolder keys = new KeyHolder();
    decoder = new SlotDecoder(keys);
    consumer = new KafkaConsumer<>(ConsumerProperties.of(SIZES, kafka), keys, decoder);
  }

  SlotDecoder decoder() {
    return decoder;
  }

  /** The partition it read last; it may hold records that follow. */
  TopicPartition partition() {
    return partition;
  }

  void start(ReadSpec spec, TopicPartition newPartition, long offset) {
    decoder.start(spec);
    if (!newPartition.equals(partition)) {
      partition = newPartition;
      consumer.assign(Set.of(newPartition));
      consumer.seek(newPartition, offset);
    } else if (consumer.position(newPartition) != offset) {
      consumer.seek(newPartition, offset);
    }
  }

  /** Forgets the rows before and reads some more; may bring none. */
  List<ConsumerRecord<Void, Integer>> poll() {
    decoder.clear();
    return consumer.poll(POLL).records(partition);
  }

  /** Where it goes on; runs over offsets that hold no record for readers. */
  long position() {
    return consumer.position(partition);
  }

  /** The first offset that is there. */
  long firstOffset() {
    return consumer.beginningOffsets(Set.of(partition)).get(partition);
  }

  /** The offset after the last that can be read. */
  long endOffset() {
    return consumer.endOffsets(Set.of(partition)).get(partition);
  }

  void seek(long offset) {
    consumer.seek(partition, offset);
  }

  /** Closes without waiting, also on an interrupted thread. */
  void close() {
    boolean interrupted = Thread.interrupted();
    try {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
