package io.millrace.ingest.driver;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.deadletter.DeadLetterEntry;
import io.millrace.lake.deadletter.StoredDeadLetter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends dead letters to a topic. Kafka's producer tries again by itself, with back-off, for as long
 * as {@code delivery.timeout.ms} says; what it then could not send fails the whole.
 *
 * <p>One thread. The producer is made when the first dead letter comes.
 */
final class LetterProducer implements AutoCloseable {
  /** As large as any record may be: the topic decides what it takes. */
  private static final int MOST_REQUEST_BYTES = 256 << 20;

  private static final long BUFFER_BYTES = 32L << 20;

  private final String topic;
  private final String stream;
  private final Map<String, Object> properties;

  /** What was too large, without its content; the producer's thread must not send it itself. */
  private final Queue<ProducerRecord<byte[], byte[]>> tooLarge = new ConcurrentLinkedQueue<>();

  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private Producer<byte[], byte[]> producer;

  /** Where those that can't be sent are, for people. */
  private String letters = "";

  /**
   * @param kafka client properties by Kafka's names
   */
  LetterProducer(String topic, String stream, Map<String, String> kafka) {
    this.topic = topic;
    this.stream = stream;
    this.properties = properties(kafka);
  }

  /** The table that dead letters are sent from. */
  void readFrom(String table) {
    letters = table;
  }

  /** Defaults, the user's properties over them, and over these what "published" stands on. */
  private static Map<String, Object> properties(Map<String, String> user) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    properties.putAll(user);
    properties
        .keySet()
        .removeIf(
            name ->
                ConsumerConfig.configNames().contains(name)
                    && !ProducerConfig.configNames().contains(name));
    properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_REQUEST_BYTES);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    return properties;
  }

  /**
   * Sends one, now or soon.
   *
   * @throws MillraceException where one of those before was refused
   * @throws InterruptException where the thread was interrupted
   */
  void send(StoredDeadLetter letter) {
    sendTooLarge();
    // Not the letter itself: until it is acknowledged only its compressed bytes are to be held.
    String source = letter.topic();
    DeadLetterEntry entry = letter.entry();
    long bytes = PublishedLetter.bytes(letter);
    send(
        PublishedLetter.whole(topic, stream, letter),
        refusal -> {
          if (refusal instanceof RecordTooLargeException) {
            tooLarge.add(PublishedLetter.withoutContent(topic, stream, source, entry, bytes));
          } else {
            failure.compareAndSet(null, refusal);
          }
        });
  }

  private void sendTooLarge() {
    for (var record = tooLarge.poll(); record != null; record = tooLarge.poll()) {
      send(record, refusal -> failure.compareAndSet(null, refusal));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of it
  private void send(ProducerRecord<byte[], byte[]> record, Consumer<Exception> refused) {
    requireNoFailure();
    if (producer == null) {
      producer = connect();
    }
    try {
      producer.send(
          record,
          (metadata, refusal) -> {
            if (refusal != null) {
              refused.accept(refusal);
            }
          });
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw error(e);
    }
  }

  /** Returns once the brokers have all that was sent; throws as {@link #send} does. */
  void awaitAll() {
    while (producer != null) {
      producer.flush();
      requireNoFailure();
      if (tooLarge.isEmpty()) {
        return;
      }
      sendTooLarge();
    }
  }

  private void requireNoFailure() {
    if (failure.get() != null) {
      throw error(failure.get());
    }
  }

  private MillraceException error(Exception cause) {
    boolean settings =
        cause instanceof AuthorizationException
            || cause instanceof AuthenticationException
            || cause instanceof RecordTooLargeException
            || cause instanceof InvalidRecordException;
    return new MillraceException(
        settings ? ExitCode.USAGE : ExitCode.UNREACHABLE,
        "Dead letters of stream %s can't be published to topic %s".formatted(stream, topic),
        "%s: %s".formatted(cause.getClass().getSimpleName(), cause.getMessage()),
        "They are in %s and wait for the next start; %s"
            .formatted(
                letters,
                settings
                    ? "correct the topic's settings or this user's rights"
                    : "look whether all brokers run"),
        cause);
  }

  private Producer<byte[], byte[]> connect() {
    try {
      return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    } catch (KafkaException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "No Kafka client can be made for topic " + topic,
          String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage()),
          "Look at the kafka properties of the config",
          e);
    }
  }

  /** Gives up what is not sent. */
  @Override
  public void close() {
    if (producer != null) {
      producer.close(Duration.ZERO);
    }
  }
}
