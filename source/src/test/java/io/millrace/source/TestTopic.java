package io.millrace.source;

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

/** A topic of a test, by default with readings in it. */
final class TestTopic implements AutoCloseable {
  static final Schema READING =
      SchemaBuilder.record("Reading")
          .fields()
          .requiredLong("id")
          .requiredDouble("celsius")
          .optionalString("note")
          .endRecord();

  final String name;
  final KafkaProducer<byte[], byte[]> producer;
  private final TestStack stack;
  private final Map<Schema, Integer> ids = new HashMap<>();
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  TestTopic(TestStack stack, int partitions) {
    this(stack, partitions, READING, Map.of());
  }

  TestTopic(TestStack stack, int partitions, Schema schema, Map<String, Object> properties) {
    this.stack = stack;
    name = TestStack.name("topic");
    stack.stack().createTopic(name, partitions);
    id(schema);
    producer = newProducer(properties);
  }

  /** A producer that knows nothing of the topic yet. */
  KafkaProducer<byte[], byte[]> newProducer(Map<String, Object> properties) {
    Map<String, Object> all = new HashMap<>(properties);
    all.put("bootstrap.servers", stack.stack().bootstrapServers());
    all.put("compression.type", "lz4");
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The id under the topic's subject, where the schema is then the latest. */
  int id(Schema schema) {
    return ids.computeIfAbsent(schema, s -> stack.registry().register(name + "-value", s));
  }

  static GenericRecord reading(long id) {
    return new GenericRecordBuilder(READING)
        .set("id", id)
        .set("celsius", id / 2.0)
        .set("note", id % 3 == 0 ? null : "note " + id)
        .build();
  }

  /** Sends readings with ids {@code [from, to)}, round robin over the partitions. */
  void sendReadings(long from, long to, int partitions) {
    for (long id = from; id < to; id++) {
      send((int) (id % partitions), reading(id));
    }
    awaitAcknowledged();
  }

  void send(int partition, GenericRecord record) {
    send(partition, null, value(record));
  }

  void send(int partition, byte[] key, byte[] value) {
    send(new ProducerRecord<>(name, partition, key, value));
  }

  void send(ProducerRecord<byte[], byte[]> record) {
    sent.add(producer.send(record));
  }

  /** In the registry's wire format. */
  byte[] value(GenericRecord record) {
    byte[] avro = avro(record);
    byte[] bytes = new byte[WireFormat.HEADER_BYTES + avro.length];
    WireFormat.putHeader(bytes, 0, id(record.getSchema()));
    System.arraycopy(avro, 0, bytes, WireFormat.HEADER_BYTES, avro.length);
    return bytes;
  }

  static byte[] avro(GenericRecord record) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
