package io.millrace.ingest;

import io.millrace.core.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic of a test with a small schema, and what was sent to it. */
final class TestTopic implements AutoCloseable {
  static final Schema SCHEMA =
      SchemaBuilder.record("Reading")
          .fields()
          .requiredLong("id")
          .name("at")
          .type(
              org.apache.avro.LogicalTypes.timestampMillis()
                  .addToSchema(Schema.create(Schema.Type.LONG)))
          .noDefault()
          .optionalString("note")
          .endRecord();

  final String name;
  final int schemaId;
  final KafkaProducer<byte[], byte[]> producer;
  private final TestStack stack;
  private final Map<Schema, Integer> ids = new HashMap<>();
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  TestTopic(TestStack stack, int partitions) {
    this(stack, partitions, Map.of());
  }

  TestTopic(TestStack stack, int partitions, Map<String, Object> producerProperties) {
    this.stack = stack;
    name = TestStack.name("topic");
    stack.stack().createTopic(name, partitions);
    schemaId = stack.registry().register(name + "-value", SCHEMA);
    Map<String, Object> properties = new HashMap<>(stack.kafka());
    properties.put("compression.type", "lz4");
    properties.putAll(producerProperties);
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Encodes a record in the registry's wire format. */
  byte[] value(long id, long atMillis, String note) {
    GenericRecord reading =
        new GenericRecordBuilder(SCHEMA)
            .set("id", id)
            .set("at", atMillis)
            .set("note", note)
            .build();
    return encoded(schemaId, reading);
  }

  private static byte[] encoded(int id, GenericRecord record) {
    return prefixed(id, avro(record.getSchema(), record));
  }

  /** Avro binary in the registry's wire format. */
  static byte[] prefixed(int id, byte[] avro) {
    byte[] bytes = new byte[WireFormat.HEADER_BYTES + avro.length];
    WireFormat.putHeader(bytes, 0, id);
    System.arraycopy(avro, 0, bytes, WireFormat.HEADER_BYTES, avro.length);
    return bytes;
  }

  /** The Avro binary alone. */
  static byte[] avro(Schema schema, Object value) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<>(schema).write(value, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a record of a schema that is registered where it is not yet, whatever came before it. */
  void send(int partition, Schema schema, GenericRecordBuilder record) {
    int id =
        ids.computeIfAbsent(
            schema, s -> stack.registry().register(name + "-versions-" + ids.size(), s));
    send(partition, null, encoded(id, record.build()));
  }

  void send(int partition, byte[] key, byte[] value) {
    send(new ProducerRecord<>(name, partition, key, value));
  }

  void send(ProducerRecord<byte[], byte[]> record) {
    sent.add(producer.send(record));
  }

  /** Sends with a timestamp of one's own, in milliseconds since the epoch. */
  void sendAt(int partition, long timestamp, byte[] value) {
    sent.add(producer.send(new ProducerRecord<>(name, partition, timestamp, null, value)));
  }

  /** Sends readings with ids {@code [from, to)}, round robin over the partitions. */
  void sendReadings(long from, long to, int partitions) {
    sendReadings(from, to, partitions, id -> 1_700_000_000_000L + id);
  }

  void sendReadings(long from, long to, int partitions, LongFunction<Long> at) {
    for (long id = from; id < to; id++) {
      send((int) (id % partitions), null, value(id, at.apply(id), "note " + id));
    }
    awaitAcknowledged();
  }

  /** Waits until all that was sent is acknowledged. */
  void awaitAcknowledged() {
    producer.flush();
    try {
      for (Future<RecordMetadata> future : sent) {
        future.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
    sent.clear();
  }

  @Override
  public void close() {
    producer.close();
  }
}
