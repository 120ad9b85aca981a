package io.millrace.ingest.task;

import io.millrace.core.column.ColumnBatch;
import io.millrace.lake.parquet.EncodingHints;
import io.millrace.source.KeyHolder;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** A consumer with the columns it decodes into; costly to make, so kept from task to task. */
final class Reader {
  private final KafkaConsumer<Void, Integer> consumer;
  private final RowDecoder decoder;
  private final long fetchBytesPerPartition;
  private final EncodingHints hints = new EncodingHints();

  Reader(Map<String, Object> properties, TaskSpec spec, WriterSchemas schemas, long columnBytes) {
    KeyHolder keys = new KeyHolder();
    decoder = new RowDecoder(spec, schemas, keys, columnBytes);
    consumer = new KafkaConsumer<>(properties, keys, decoder);
    fetchBytesPerPartition =
        Long.parseLong(
            String.valueOf(properties.get(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG)));
  }

  KafkaConsumer<Void, Integer> consumer() {
    return consumer;
  }

  /** Where the decoder puts its rows now. */
  ColumnBatch batch() {
    return decoder.batch();
  }

  RowDecoder decoder() {
    return decoder;
  }

  /** What earlier files taught about how to encode the columns. */
  EncodingHints hints() {
    return hints;
  }

  long fetchBytesPerPartition() {
    return fetchBytesPerPartition;
  }

  /** Lets go of fetched data and rows, and stays ready for the next task. */
  void reset() {
    decoder.clear(Long.MAX_VALUE);
    Collection<TopicPartition> assigned = consumer.assignment();
    if (assigned.size() > 1) {
      // One partition stays, paused: without any the client would drop the topic's metadata.
      TopicPartition one = assigned.iterator().next();
      consumer.assign(Set.of(one));
      consumer.pause(Set.of(one));
    }
  }

  /** Closes without waiting, also on an interrupted thread. */
  void close() {
    boolean interrupted = Thread.interrupted();
    hints.close();
    try {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
