package io.millrace.embedded.registry;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The compacted topic of one partition that holds the registry's state. */
final class SchemasTopic implements ChangeLog {
  /** Confluent's default name (kafkastore.topic). */
  static final String NAME = "_schemas";

  /** What the topic must be created with. */
  static final Map<String, String> SETTINGS = Map.of("cleanup.policy", "compact");

  private static final TopicPartition PARTITION = new TopicPartition(NAME, 0);
  private static final Duration READ_LIMIT = Duration.ofSeconds(60);
  private static final int WRITE_LIMIT_MILLIS = 10_000;

  private final String bootstrapServers;

  SchemasTopic(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  // A producer for each change: they are rare, and one that is kept would warn every second while
  // the broker is down.
  @Override
  public void append(Change change) {
    ChangeCodec.Entry entry = ChangeCodec.encode(change);
    Producer<String, String> producer = connect();
    try {
      producer.send(new ProducerRecord<>(NAME, 0, entry.key(), entry.value())).get();
    } catch (ExecutionException e) {
      throw RegistryError.storeTimeout(String.valueOf(e.getCause().getMessage()));
    } catch (KafkaException e) {
      throw RegistryError.store(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RegistryError.store("interrupted");
    } finally {
      producer.close(Duration.ofSeconds(1));
    }
  }

  private Producer<String, String> connect() {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "acks",
            "all",
            "enable.idempotence",
            "true",
            "linger.ms",
            "0",
            "request.timeout.ms",
            String.valueOf(WRITE_LIMIT_MILLIS / 2),
            "delivery.timeout.ms",
            String.valueOf(WRITE_LIMIT_MILLIS),
            "max.block.ms",
            String.valueOf(WRITE_LIMIT_MILLIS)),
        new StringSerializer(),
        new StringSerializer());
  }

  @Override
  public List<Change> readAll() {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "none");
    try (Consumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      long end = consumer.endOffsets(List.of(PARTITION), READ_LIMIT).get(PARTITION);
      long deadline = System.nanoTime() + READ_LIMIT.toNanos();
      List<Change> changes = new ArrayList<>();
      while (consumer.position(PARTITION, READ_LIMIT) < end) {
        if (System.nanoTime() > deadline) {
          throw RegistryError.storeTimeout("reading " + NAME + " took too long");
        }
        consumer.poll(Duration.ofMillis(100)).forEach(r -> changes.add(decode(r)));
      }
      return changes;
    } catch (InterruptException e) {
      throw RegistryError.store("interrupted");
    } catch (KafkaException e) {
      throw RegistryError.store(String.valueOf(e.getMessage()));
    }
  }

  private static Change decode(ConsumerRecord<String, String> record) {
    try {
      return ChangeCodec.decode(new ChangeCodec.Entry(record.key(), record.value()));
    } catch (IllegalArgumentException e) {
      // Going on without it could give its id a second time.
      throw new MillraceException(
          ExitCode.PROTECTED,
          "topic " + NAME + " holds what this registry can't serve",
          "record at offset " + record.offset() + ": " + e.getMessage(),
          "Use the registry that wrote it, or another directory",
          e);
    }
  }
}
