package io.millrace.lake.verify;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads a few blocks of a topic, one after the other. One thread. */
final class BlockReader {
  private static final Duration POLL = Duration.ofMillis(200);

  /** As for the first reading of the topic. */
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final String topic;
  private final LongSupplier nanoClock;

  /**
   * @param consumer without a group and with {@code auto.offset.reset=none}; closed by its owner
   */
  BlockReader(Consumer<ByteBuffer, ByteBuffer> consumer, String topic, LongSupplier nanoClock) {
    this.consumer = consumer;
    this.topic = topic;
    this.nanoClock = nanoClock;
  }

  /**
   * @throws org.apache.kafka.common.KafkaException where Kafka stops answering, or no longer has
   *     one of the offsets
   */
  void read(
      List<Block> blocks,
      java.util.function.Consumer<ConsumerRecord<ByteBuffer, ByteBuffer>> records) {
    for (Block block : blocks) {
      TopicPartition partition = new TopicPartition(topic, block.partition());
      consumer.assign(List.of(partition));
      consumer.seek(partition, block.from());
      long position = block.from();
      long lastProgress = nanoClock.getAsLong();
      while (position < block.to()) {
        for (ConsumerRecord<ByteBuffer, ByteBuffer> record : consumer.poll(POLL)) {
          if (record.offset() < block.to()) {
            records.accept(record);
          }
        }
        if (consumer.position(partition) > position) {
          position = consumer.position(partition);
          lastProgress = nanoClock.getAsLong();
        } else if (nanoClock.getAsLong() - lastProgress > STALL_NANOS) {
          throw new TimeoutException("no records of %s at offset %d".formatted(topic, position));
        }
      }
    }
  }
}
