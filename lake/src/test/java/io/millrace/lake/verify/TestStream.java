package io.millrace.lake.verify;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.config.Compression;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.manifest.Manifest;
import io.millrace.core.manifest.PayloadHash;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.wire.WireFormat;
import io.millrace.embedded.LocalStack;
import io.millrace.lake.DataFile;
import io.millrace.lake.deadletter.DeadLetter;
import io.millrace.lake.deadletter.DeadLetterFile;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.deadletter.ErrorClass;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.ledger.Taken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic and a table filled from it by a slow, plain ingest that can be made to do wrong: each
 * batch's rows pass through a {@code damage} before they are written, and the ledger claims what an
 * honest ingest would have written.
 */
final class TestStream {
  static final String NAME = "events";

  static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"Event","fields":[
                {"name":"id","type":"int"},
                {"name":"name","type":["null","string"],"default":null},
                {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
                {"name":"day","type":{"type":"int","logicalType":"date"}},
                {"name":"ok","type":"boolean"},
                {"name":"ratio","type":"float"},
                {"name":"raw","type":"bytes"}]}
              """);

  private final int schemaId;

  final String topic;
  final String table;
  final Configuration hadoop = LakeConfiguration.of(Map.of());
  private final LocalStack stack;
  private final KafkaColumns columns;
  private Optional<PartitionBy> partitionBy;
  private final Map<Integer, Manifest.Entry> acknowledged = new TreeMap<>();
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();
  private int nextId;

  TestStream(LocalStack stack, Path directory, int partitions) {
    this(stack, directory, partitions, KafkaColumns.DEFAULT);
  }

  TestStream(LocalStack stack, Path directory, int partitions, KafkaColumns columns) {
    this(stack, directory, partitions, columns, Optional.empty());
  }

  TestStream(
      LocalStack stack,
      Path directory,
      int partitions,
      KafkaColumns columns,
      Optional<PartitionBy> partitionBy) {
    this.stack = stack;
    this.columns = columns;
    this.partitionBy = partitionBy;
    topic = "topic-" + UUID.randomUUID();
    table = directory.resolve("table").toString();
    stack.createTopic(topic, partitions);
    schemaId = register(SCHEMA);
  }

  private int register(Schema schema) {
    try (SchemaRegistry registry =
        new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()))) {
      return registry.register(topic + "-value", schema);
    }
  }

  /** One row of the table; a field not in {@code value} is null. */
  record Row(int partition, Long offset, long millis, GenericRecord value) {}

  MillraceConfig config() {
    return config(stack.bootstrapServers());
  }

  MillraceConfig config(String bootstrapServers) {
    StreamConfig plain = StreamConfig.of(NAME, topic, table);
    StreamConfig stream =
        new StreamConfig(
            plain.name(),
            plain.topic(),
            plain.table(),
            plain.subject(),
            plain.startingOffsets(),
            plain.triggerInterval(),
            plain.maxRecordsPerTrigger(),
            plain.maxBytesPerTrigger(),
            plain.targetFileBytes(),
            plain.compression(),
            columns,
            plain.nullValues(),
            partitionBy,
            plain.tableProperties(),
            plain.maxRestarts(),
            plain.restartFor(),
            plain.kafka(),
            plain.numberTypes(),
            plain.unknownSchemaAfter(),
            plain.rules(),
            plain.breaker(),
            plain.maxRecordBytes(),
            plain.deadLetterTopic(),
            plain.sql(),
            plain.consumerGroup());
    return new MillraceConfig(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "default.api.timeout.ms",
            "3000",
            "request.timeout.ms",
            "2000"),
        new RegistryConfig(stack.registryUrl(), Map.of()),
        Map.of(),
        Map.of(),
        Map.of(NAME, stream));
  }

  /** Somebody edits the config; the table stays as it was created. */
  void partitionBy(PartitionBy by) {
    partitionBy = Optional.ofNullable(by);
  }

  VerifyReport verify(VerifyOptions.Values values, Manifest... manifests) {
    return verify(config(), values, manifests);
  }

  VerifyReport verify(MillraceConfig config, VerifyOptions.Values values, Manifest... manifests) {
    VerifyOptions options = new VerifyOptions(java.util.Set.of(), List.of(manifests), values, 2);
    return Verifier.verify(config, options, (s, p, d, t) -> {});
  }

  /** What came since, values included. */
  StreamReport verifySince(VerifyOptions.Since since) {
    VerifyOptions options =
        new VerifyOptions(java.util.Set.of(), List.of(), VerifyOptions.Values.ALWAYS, 2, since);
    return Verifier.verify(config(), options, (s, p, d, t) -> {}).streams().get(0);
  }

  StreamReport verify() {
    return verify(VerifyOptions.Values.ALWAYS).streams().get(0);
  }

  /** Sends so many records to a partition and enters them into the manifest. */
  void produce(int partition, int records) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      for (int i = 0; i < records; i++) {
        send(producer, partition, payload(event()));
      }
      awaitSent();
    }
  }

  /** Sends one payload as it is. */
  void produce(int partition, byte[] payload) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      send(producer, partition, payload);
      awaitSent();
    }
  }

  /** Sends a payload with a key and the same header twice, the second time with a null value. */
  void produceWithHeader(int partition, String key, String header, byte[] payload)
      throws Exception {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, partition, key.getBytes(StandardCharsets.UTF_8), payload);
    record.headers().add(header, new byte[] {1}).add(header, null);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      producer.send(record).get();
    }
  }

  void produceNull(int partition) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      send(producer, partition, null);
      awaitSent();
    }
  }

  /** Sends records in one transaction; each ends with a marker that takes an offset. */
  void produceTransaction(int partition, int records, boolean commit) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        producer(Map.of("transactional.id", UUID.randomUUID().toString()))) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = 0; i < records; i++) {
        if (commit) {
          send(producer, partition, payload(event()));
        } else {
          sent.add(producer.send(new ProducerRecord<>(topic, partition, null, payload(event()))));
        }
      }
      awaitSent();
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
  }

  private void send(KafkaProducer<byte[], byte[]> producer, int partition, byte[] value) {
    sent.add(
        producer.send(
            new ProducerRecord<>(topic, partition, null, value),
            (metadata, failure) -> acknowledge(metadata, value)));
  }

  private void awaitSent() throws Exception {
    for (Future<RecordMetadata> record : sent) {
      record.get();
    }
    sent.clear();
  }

  private synchronized void acknowledge(RecordMetadata at, byte[] value) {
    byte[] payload = value == null ? new byte[0] : value;
    acknowledged.merge(
        at.partition(),
        Manifest.Entry.of(
            at.partition(),
            1,
            0,
            at.offset(),
            at.offset(),
            PayloadHash.of(payload, 0, payload.length)),
        (a, b) ->
            Manifest.Entry.of(
                a.partition(),
                a.acknowledged() + 1,
                0,
                Math.min(a.firstOffset(), b.firstOffset()),
                Math.max(a.lastOffset(), b.lastOffset()),
                a.hashValue() + b.hashValue()));
  }

  Manifest manifest() throws Exception {
    return new Manifest(Manifest.FORMAT, topic, topicId(), List.copyOf(acknowledged.values()));
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put("bootstrap.servers", stack.bootstrapServers());
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  GenericRecord event() {
    int id = nextId++;
    GenericRecord event = new GenericData.Record(SCHEMA);
    event.put("id", id);
    event.put("name", id % 5 == 0 ? null : "nämé " + id);
    event.put("at", 1_700_000_000_123L + id);
    event.put("day", 19_000 + id % 400);
    event.put("ok", id % 2 == 0);
    event.put("ratio", id / 3f);
    event.put("raw", ByteBuffer.wrap(new byte[] {(byte) id, 1, 2}));
    return event;
  }

  byte[] payload(GenericRecord event) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] header = new byte[WireFormat.HEADER_BYTES];
      WireFormat.putHeader(header, 0, schemaId);
      bytes.writeBytes(header);
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
      encoder.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Takes what is new into the table, honestly; what has no header is a dead letter. */
  void ingest() throws Exception {
    ingest(rows -> rows);
  }

  /** Takes what is new into the table; the rows written are what {@code damage} makes of them. */
  void ingest(UnaryOperator<List<Row>> damage) throws Exception {
    ingest(damage, Map.of());
  }

  /** As above; all rows go into one file of these table partition values. */
  void ingest(UnaryOperator<List<Row>> damage, Map<String, String> partitionValues)
      throws Exception {
    ingest(damage, partitionValues, dead -> dead, true);
  }

  /** As {@link #ingest()}, but dies after the commit of the main table. */
  void ingestAndDie() throws Exception {
    ingest(rows -> rows, Map.of(), dead -> dead, false);
  }

  /** As {@link #ingest()}; the dead letters written are what {@code damage} makes of them. */
  void ingestDead(UnaryOperator<List<DeadLetter>> damage) throws Exception {
    ingest(rows -> rows, Map.of(), damage, true);
  }

  /** Finishes what {@link #ingestAndDie} left, as a writer does at its start. */
  void rollForward() {
    try (DeltaTable delta = open();
        DeadLetterTable dead = DeadLetterTable.of(delta, NAME, hadoop)) {
      dead.rollForward(delta.ledger(NAME).orElseThrow());
    }
  }

  private void ingest(
      UnaryOperator<List<Row>> damage,
      Map<String, String> partitionValues,
      UnaryOperator<List<DeadLetter>> deadDamage,
      boolean second)
      throws Exception {
    try (DeltaTable delta = open();
        DeadLetterTable deadLetters = DeadLetterTable.of(delta, NAME, hadoop)) {
      Ledger ledger = delta.ledger(NAME).orElse(null);
      Batch batch = read(ledger);
      DataFile file =
          TestRows.write(hadoop, delta.path(), damage.apply(batch.rows), columns, partitionValues);
      if (ledger == null) {
        ledger = Ledger.initial(NAME, topic, topicId(), clusterId(), "test");
      }
      List<DataFile> deadFiles = writeDead(deadDamage.apply(batch.dead), batch.dead.size());
      ledger = deadLetters.rollForward(ledger);
      ledger = ledger.advance(batch.taken, UUID.randomUUID().toString(), deadFiles);
      delta.commit(List.of(file), ledger);
      if (second) {
        deadLetters.rollForward(ledger);
      }
    }
  }

  /** The file claims as many dead letters as there are, whatever it holds. */
  private List<DataFile> writeDead(List<DeadLetter> letters, long claimed) throws IOException {
    if (claimed == 0) {
      return List.of();
    }
    DeadLetterFile file =
        DeadLetterFile.open(hadoop, DeadLetterTable.path(table), NAME, Compression.ZSTD, 20 << 20);
    for (DeadLetter letter : letters) {
      file.add(letter);
    }
    DataFile done = file.close();
    return List.of(
        new DataFile(
            done.path(),
            done.bytes(),
            done.modificationTime(),
            Map.of(),
            claimed,
            done.statistics()));
  }

  DeltaTable open() {
    return DeltaTable.open(table, hadoop)
        .orElseGet(
            () ->
                DeltaTable.create(
                    table, hadoop, AvroTables.layout(SCHEMA, columns), partitionBy, Map.of()));
  }

  private record Batch(List<Row> rows, List<DeadLetter> dead, List<Taken> taken) {}

  private Batch read(Ledger ledger) throws IOException {
    List<Row> rows = new ArrayList<>();
    List<DeadLetter> dead = new ArrayList<>();
    List<Taken> taken = new ArrayList<>();
    Map<String, Object> properties =
        Map.of(
            "bootstrap.servers",
            stack.bootstrapServers(),
            "isolation.level",
            "read_committed",
            "fetch.max.wait.ms",
            "10");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      for (TopicPartition partition : partitions) {
        PartitionEntry known =
            ledger == null ? null : ledger.partitions().get(partition.partition());
        long from = known == null ? starts.get(partition) : known.next();
        taken.add(read(consumer, partition, from, ends.get(partition), rows, dead));
      }
    }
    return new Batch(rows, dead, taken);
  }

  private static Taken read(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long from,
      long to,
      List<Row> rows,
      List<DeadLetter> dead)
      throws IOException {
    long count = 0;
    long nulls = 0;
    long deadCount = 0;
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    while (consumer.position(partition) < to) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
        if (record.value() == null) {
          nulls++;
        } else if (record.value().length < WireFormat.HEADER_BYTES) {
          deadCount++;
          dead.add(
              DeadLetter.of(
                  record, record.key(), record.value(), null, ErrorClass.NO_HEADER, "too short"));
        } else {
          count++;
          rows.add(
              new Row(partition.partition(), record.offset(), record.timestamp(), decode(record)));
        }
      }
    }
    return new Taken(
        partition.partition(),
        from,
        to,
        count,
        nulls,
        deadCount,
        to - from - count - nulls - deadCount);
  }

  private static GenericRecord decode(ConsumerRecord<byte[], byte[]> record) throws IOException {
    byte[] value = record.value();
    return new GenericDatumReader<GenericRecord>(SCHEMA)
        .read(
            null,
            DecoderFactory.get()
                .binaryDecoder(
                    value, WireFormat.HEADER_BYTES, value.length - WireFormat.HEADER_BYTES, null));
  }

  Ledger ledger() {
    try (DeltaTable delta = open()) {
      return delta.ledger(NAME).orElseThrow();
    }
  }

  String topicId() throws Exception {
    try (Admin admin = admin()) {
      return admin
          .describeTopics(List.of(topic))
          .topicNameValues()
          .get(topic)
          .get()
          .topicId()
          .toString();
    }
  }

  private String clusterId() throws Exception {
    try (Admin admin = admin()) {
      return admin.describeCluster().clusterId().get();
    }
  }

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()));
  }
}
