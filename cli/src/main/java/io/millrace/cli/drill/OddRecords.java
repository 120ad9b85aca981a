package io.millrace.cli.drill;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.manifest.Manifest;
import io.millrace.core.manifest.PayloadHash;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends what makes a stream of good records hard: a broken record again and again, so that most
 * batches have dead letters, and on demand a record of a schema with a field more, so that the
 * table has to change. Knows the offset of each.
 */
final class OddRecords implements AutoCloseable {
  private static final long PAUSE_MILLIS = 100;

  private final StreamConfig stream;
  private final MillraceConfig config;
  private final Schema schema;
  private final int partitions;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<TopicPartition, Set<Long>> broken = new ConcurrentHashMap<>();
  private final Queue<Manifest.Entry> told = new ConcurrentLinkedQueue<>();
  private final Random random;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean paused;
  private int fields;

  /**
   * @param schema that of the good records
   */
  OddRecords(MillraceConfig config, StreamConfig stream, Schema schema, int partitions, long seed) {
    this.config = config;
    this.stream = stream;
    this.schema = schema;
    this.partitions = partitions;
    this.random = new Random(seed);
    Map<String, Object> properties = new HashMap<>(config.kafkaFor(stream));
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 300_000);
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    this.thread = new Thread(this::run, "odd-records");
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!stopped) {
        int partition;
        byte[] value = new byte[16];
        synchronized (random) {
          partition = random.nextInt(partitions);
          random.nextBytes(value);
        }
        value[0] = 1; // Confluent's magic byte is 0.
        if (!paused) {
          send(partition, value, true);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Future<RecordMetadata> send(int partition, byte[] value, boolean isBroken) {
    return producer.send(
        new ProducerRecord<>(stream.topic(), partition, null, value),
        (metadata, failure) -> {
          if (failure == null) {
            long hash = PayloadHash.of(value, 0, value.length);
            told.add(
                Manifest.Entry.of(
                    metadata.partition(), 1, 0, metadata.offset(), metadata.offset(), hash));
            if (isBroken) {
              broken
                  .computeIfAbsent(
                      new TopicPartition(metadata.topic(), metadata.partition()),
                      p -> ConcurrentHashMap.newKeySet())
                  .add(metadata.offset());
            }
          } else {
            told.add(Manifest.Entry.of(partition, 0, 1, -1, -1, 0));
          }
        });
  }

  /** Whether to send none for a while; one may be on its way. */
  void pause(boolean on) {
    paused = on;
  }

  /** Where a record is in the topic. */
  record Sent(int partition, long offset) {}

  /** Sends one record whose schema has a field that none had before. */
  Sent widen() throws IOException, InterruptedException {
    List<Schema.Field> all =
        new ArrayList<>(
            schema.getFields().stream()
                .map(field -> new Schema.Field(field, field.schema()))
                .toList());
    fields++;
    for (int i = 1; i <= fields; i++) {
      all.add(
          new Schema.Field(
              "drill_" + i,
              Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.LONG)),
              null,
              Schema.Field.NULL_DEFAULT_VALUE));
    }
    Schema wider =
        Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, all);
    int id;
    try (SchemaRegistry registry = new RestSchemaRegistry(config.registry())) {
      id = registry.register(stream.subject(), wider);
    }
    GenericRecord record = new GenericData.Record(wider);
    for (Schema.Field field : wider.getFields()) {
      record.put(field.pos(), sample(field.schema()));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(
        ByteBuffer.allocate(WireFormat.HEADER_BYTES).put(WireFormat.MAGIC).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(wider).write(record, encoder);
    encoder.flush();
    int partition;
    synchronized (random) {
      partition = random.nextInt(partitions);
    }
    Future<RecordMetadata> sent = send(partition, bytes.toByteArray(), false);
    try {
      return new Sent(partition, sent.get().offset());
    } catch (ExecutionException e) {
      throw new IOException("a record of a new schema could not be sent", e.getCause());
    }
  }

  private static Object sample(Schema schema) {
    return switch (schema.getType()) {
      case LONG -> 1_795_365_000_000L;
      case INT -> 1;
      case DOUBLE -> 0.5;
      case FLOAT -> 0.5f;
      case BOOLEAN -> true;
      case STRING -> "drill";
      case BYTES -> ByteBuffer.allocate(0);
      case ENUM -> new GenericData.EnumSymbol(schema, schema.getEnumSymbols().get(0));
      case MAP -> Map.of();
      case ARRAY -> List.of();
      case UNION -> sample(schema.getTypes().get(schema.getTypes().size() - 1));
      default -> null;
    };
  }

  /** No more are sent; returns when each is acknowledged. */
  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
    producer.flush();
  }

  /** Offsets of broken records, by partition. */
  Map<TopicPartition, Set<Long>> broken() {
    Map<TopicPartition, Set<Long>> copy = new HashMap<>();
    broken.forEach((partition, offsets) -> copy.put(partition, new HashSet<>(offsets)));
    return copy;
  }

  /**
   * What the broker has told of each record. Each has an account of its own: the load's lie between
   * them.
   */
  List<Manifest> accounts(String topicId) {
    return told.stream()
        .map(entry -> new Manifest(Manifest.FORMAT, stream.topic(), topicId, List.of(entry)))
        .toList();
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    producer.close(Duration.ZERO);
  }
}
