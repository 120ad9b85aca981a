package io.millrace.producer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.process.StopSignal;
import io.millrace.producer.file.FileRecord;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Sends what does not fit the schema to the dead-letter topic, which is created with the first one.
 * The value is JSON: {@code error}, {@code raw_payload}, {@code topic}, {@code partition} and
 * {@code offset} (null: it never had one), {@code timestamp} (ISO 8601), {@code file}, {@code line}
 * and {@code reason}.
 */
final class DeadLetters {
  private static final String ERROR = "does not fit the schema";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ProduceJob job;
  private final TopicSetup setup;
  private final Producer<byte[], byte[]> producer;
  private final Failures failures;
  private final StopSignal stop;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private boolean ready;

  DeadLetters(
      ProduceJob job,
      TopicSetup setup,
      Producer<byte[], byte[]> producer,
      Failures failures,
      StopSignal stop) {
    this.job = job;
    this.setup = setup;
    this.producer = producer;
    this.failures = failures;
    this.stop = stop;
  }

  /** For a record that does not fit; called by one thread. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of it
  void send(FileRecord misfit, Instant now) {
    String topic = job.deadLetterTopic();
    if (!ready) {
      setup.prepare(topic, 1, job.replication(), stop);
      ready = true;
    }
    sent.incrementAndGet();
    try {
      producer.send(
          new ProducerRecord<>(topic, value(misfit, now)),
          (metadata, exception) -> {
            if (exception == null) {
              acknowledged.incrementAndGet();
            } else {
              failures.add(topic, metadata == null ? -1 : metadata.partition(), exception);
            }
          });
    } catch (KafkaException e) {
      failures.add(topic, -1, e);
    }
  }

  private byte[] value(FileRecord misfit, Instant now) {
    ObjectNode value = JSON.createObjectNode();
    value.put("error", ERROR);
    value.put("raw_payload", misfit.raw());
    value.put("topic", job.topic());
    value.putNull("partition");
    value.putNull("offset");
    value.put("timestamp", now.toString());
    value.put("file", job.from().toString());
    value.put("line", misfit.line());
    value.put("reason", misfit.reason());
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a dead letter of plain texts", e);
    }
  }

  long sent() {
    return sent.get();
  }

  long acknowledged() {
    return acknowledged.get();
  }
}
