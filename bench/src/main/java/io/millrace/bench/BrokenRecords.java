package io.millrace.bench;

import io.millrace.producer.generate.Draft;
import io.millrace.producer.generate.EventTime;
import io.millrace.producer.generate.RecordGenerator;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends values that no schema can make a row of, at a steady pace, until closed. */
final class BrokenRecords implements AutoCloseable {
  private static final int TICKS_A_SECOND = 50;
  private static final long CLOSE_LIMIT_SECONDS = 60;

  /** How a good value is broken: each by itself, one after the other. */
  private static final int KINDS = 3;

  private final KafkaProducer<byte[], byte[]> producer;
  private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> ticking;
  private final double perTick;
  private volatile Source source;
  private double due;
  private long sent;

  private record Source(RecordGenerator generator, Draft draft) {}

  /**
   * @param perSecond how many
   */
  BrokenRecords(String bootstrapServers, double perSecond, Schema schema, int schemaId) {
    perTick = perSecond / TICKS_A_SECOND;
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    breakRecordsOf(schema, schemaId);
    ticking =
        ticks.scheduleAtFixedRate(this::tick, 0, 1000 / TICKS_A_SECOND, TimeUnit.MILLISECONDS);
  }

  /** From now on records of this schema are broken. */
  void breakRecordsOf(Schema schema, int schemaId) {
    source =
        new Source(
            RecordGenerator.compile(schema, null, Map.of()),
            new Draft(2, new EventTime(Instant.EPOCH, 1_000), schemaId));
  }

  private void tick() {
    due += perTick;
    for (; due >= 1; due--) {
      producer.send(new ProducerRecord<>(BenchTopic.TOPIC, broken()));
      sent++;
    }
  }

  private byte[] broken() {
    Source now = source;
    now.generator.generate(now.draft, sent);
    byte[] value = now.draft.copy();
    switch ((int) (sent % KINDS)) {
      case 0 -> value[0] = 1; // no magic byte
      case 1 -> value = Arrays.copyOf(value, value.length - 1); // truncated
      default -> value = Arrays.copyOf(value, value.length + 1); // a byte too many
    }
    return value;
  }

  /** Ends the sending and returns how many the broker has acknowledged: all. */
  long stop() throws InterruptedException {
    ticks.shutdown();
    if (!ticks.awaitTermination(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("A broken record could not be sent");
    }
    if (ticking.isDone() && !ticking.isCancelled()) {
      failIfNeeded();
    }
    producer.flush();
    return sent;
  }

  private void failIfNeeded() throws InterruptedException {
    try {
      ticking.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("A broken record could not be sent", e.getCause());
    }
  }

  @Override
  public void close() {
    ticks.shutdownNow();
    producer.close();
  }
}
