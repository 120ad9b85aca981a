package io.millrace.cli.values;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.wire.WireFormat;
import io.millrace.embedded.LocalStack;
import io.millrace.lake.delta.LakeConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic of {@link Sample}s and the stream that takes them into a table, in a Spark session that
 * knows Delta's own reader and writer, too.
 */
final class SampleStream {
  private static final int PARTITIONS = 4;

  final String table;
  private final LocalStack stack;
  private final String name;
  private final int schemaId;

  /** Gets each record with where and when it was sent, once all are acknowledged. */
  @FunctionalInterface
  interface Sent {
    void accept(GenericRecord record, RecordMetadata sent, long timestamp);
  }

  SampleStream(LocalStack stack, String name, Path table) {
    this.stack = stack;
    this.name = name;
    this.table = table.toString();
    stack.createTopic(name, PARTITIONS);
    try (RestSchemaRegistry registry =
        new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()))) {
      schemaId = registry.register(name + "-value", Sample.SCHEMA);
    }
  }

  /** Each generation goes to two partitions of its own. */
  void produce(int generation, int count, Sent then) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<GenericRecord> records = Sample.records(generation, count);
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int partition = generation * 2 + i % 2;
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    name, partition, timestamp(generation, i), null, encode(records.get(i)))));
      }
      for (int i = 0; i < count; i++) {
        then.accept(records.get(i), sent.get(i).get(), timestamp(generation, i));
      }
    }
  }

  /** What is no record of a schema, to the last partition. */
  void produceBroken(int count) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        producer.send(new ProducerRecord<>(name, PARTITIONS - 1, null, new byte[] {9})).get();
      }
    }
  }

  private static long timestamp(int generation, int i) {
    return 1_700_000_000_000L + generation * 1_000_000_000L + i;
  }

  private byte[] encode(GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] header = new byte[WireFormat.HEADER_BYTES];
    WireFormat.putHeader(header, 0, schemaId);
    out.write(header);
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(Sample.SCHEMA).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  MillraceConfig config() {
    return config(stack, name, table);
  }

  /** Of a topic of that name and its stream of the same name. */
  static MillraceConfig config(LocalStack stack, String name, String table) {
    Map<String, String> spark = new HashMap<>(LakeConfiguration.sparkLogStores());
    spark.put("spark.master", "local[2,4]");
    spark.put("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
    spark.put("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    spark.put("spark.databricks.delta.snapshotPartitions", "2");
    spark.put("spark.sql.datetime.java8API.enabled", "true");
    return new MillraceConfig(
        Map.of("bootstrap.servers", stack.bootstrapServers()),
        new RegistryConfig(stack.registryUrl(), Map.of()),
        spark,
        Map.of(),
        Map.of(name, StreamConfig.of(name, name, table)));
  }
}
