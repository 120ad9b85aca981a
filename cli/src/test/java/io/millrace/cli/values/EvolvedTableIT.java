package io.millrace.cli.values;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.wire.WireFormat;
import io.millrace.embedded.LocalStack;
import io.millrace.ingest.redrive.Redrive;
import io.millrace.lake.deadletter.DeadLetterFilter;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.verify.StreamReport;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Delta's own reader, and its OPTIMIZE, on a table whose columns and members of structs in lists
 * and maps came while its stream ran, and on its dead letters.
 */
class EvolvedTableIT {
  private static final String NAME = "evolved";
  private static final int PARTITIONS = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String FIRST =
      """
      {"id": %d, "items": [{"a": 1}, {"a": %1$d}], "byName": {"x": {"s": "one"}, "y": {"s": "n%1$d"}},
       "pick": {"int": %1$d}}
      """;
  private static final String SECOND =
      """
      {"id": %d, "items": [{"b": {"string": "b%1$d"}, "a": 2}, {"b": null, "a": 3}],
       "byName": {"z": {"s": "s", "n": {"deep": [%1$d, 7]}}}, "pick": {"string": "p%1$d"}, "extra": {"double": 0.5}}
      """;
  private static final String LATE =
      """
      {"id": %d, "items": [{"a": 4, "c": {"on": true}}], "byName": {}, "late": "late %1$d"}
      """;

  /** Value columns as JSON without nulls, by id. */
  private final Map<Long, JsonNode> rows = new TreeMap<>();

  /** Values of records that can't be rows at first, by place. */
  private final Map<String, String> dead = new TreeMap<>();

  @TempDir private Path directory;
  private LocalStack stack;
  private KafkaProducer<byte[], byte[]> producer;
  private long sent;
  private int subjects;

  @Test
  void deltaSparkReadsAndRewritesWhatEvolved() throws Exception {
    String table = directory.resolve("table").toString();
    try (LocalStack local = LocalStack.start(directory.resolve("stack"));
        KafkaProducer<byte[], byte[]> sending = producer(local)) {
      stack = local;
      producer = sending;
      stack.createTopic(NAME, PARTITIONS);
      MillraceConfig config = SampleStream.config(stack, NAME, table);
      Schema first =
          schema("{'name':'a','type':'int'}", "{'name':'s','type':'string'}", "['int','string']");
      Schema second =
          schema(
              "{'name':'b','type':['null','string']},{'name':'a','type':'long'}",
              "{'name':'s','type':'string'},{'name':'n','type':{'type':'map','values':{'type':'array','items':'int'}}}",
              "['int','string']",
              "{'name':'extra','type':['null','double']}");
      Schema late =
          schema(
              "{'name':'a','type':'int'},{'name':'c','type':{'type':'record','name':'C','fields':[{'name':'on','type':'boolean'}]}}",
              "{'name':'s','type':'string'}",
              null,
              "{'name':'late','type':'string'}");
      int firstId = register(first);
      int lateId = firstId + 2;
      try (RunningStream run = new RunningStream(config)) {
        // Given a stream that evolved, with records that broke and some of a schema not yet there
        send(first, firstId, FIRST, 40);
        run.await(40, 0);
        int secondId = register(second);
        assertThat(secondId).isEqualTo(firstId + 1);
        send(second, secondId, SECOND, 30);
        send(first, firstId, FIRST, 10);
        breakSome(5);
        send(late, lateId, LATE, 20, true);
        run.await(80, 25);

        // When they are redriven, which evolves it again
        assertThat(register(late)).isEqualTo(lateId);
        assertThat(redrive(config).redriven()).isEqualTo(20);
        run.await(100, 25);

        // Then Delta's own reader finds what was sent, before and after it rewrote both tables
        SparkSession spark = SparkSession.builder().getOrCreate();
        assertTables(spark, table);
        assertThat(optimize(spark, table)).isGreaterThan(2);
        assertThat(optimize(spark, DeadLetterTable.path(table))).isGreaterThanOrEqualTo(0);
        assertTables(spark, table);

        // And the stream goes on, with columns of its schemas and with new ones
        Schema third =
            schema(
                "{'name':'a','type':'int'},{'name':'d','type':'string','default':''}",
                "{'name':'s','type':'string'}",
                "['string','boolean','int']",
                "{'name':'later','type':'string'}");
        int thirdId = register(third);
        send(second, secondId, SECOND, 10);
        send(
            third,
            thirdId,
            """
            {"id": %d, "items": [{"a": 5, "d": "d"}], "byName": {"x": {"s": ""}}, "pick": {"boolean": true}, "later": "l%1$d"}
            """,
            10);
        breakSome(3);
        run.await(120, 28);
        assertTables(spark, table);
        StreamReport report = run.stopAndProve();
        assertThat(report.rows()).isEqualTo(120);
        assertThat(report.deadLetters()).isEqualTo(28);
        assertThat(report.redriven()).isEqualTo(20);
      }
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(LocalStack stack) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", stack.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /**
   * @param item fields of the list's records
   * @param value fields of the map's records
   * @param pick a union's types; null for no such field
   */
  private static Schema schema(String item, String value, String pick, String... more) {
    StringBuilder fields = new StringBuilder("{'name':'id','type':'long'}");
    fields.append(
        ",{'name':'items','type':{'type':'array','items':{'type':'record','name':'Item','fields':[%s]}}}"
            .formatted(item));
    fields.append(
        ",{'name':'byName','type':{'type':'map','values':{'type':'record','name':'Val','fields':[%s]}}}"
            .formatted(value));
    if (pick != null) {
      fields.append(",{'name':'pick','type':" + pick + "}");
    }
    Arrays.stream(more).forEach(field -> fields.append(',').append(field));
    return new Schema.Parser()
        .parse(("{'type':'record','name':'Evolved','fields':[" + fields + "]}").replace('\'', '"'));
  }

  /** The first for the stream's start, others where the registry asks nothing of them. */
  private int register(Schema schema) {
    try (RestSchemaRegistry registry =
        new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()))) {
      return registry.register(NAME + "-value" + (subjects++ == 0 ? "" : subjects), schema);
    }
  }

  private void send(Schema schema, int id, String json, int count) throws Exception {
    send(schema, id, json, count, false);
  }

  private void send(Schema schema, int id, String json, int count, boolean isDead)
      throws Exception {
    for (int i = 0; i < count; i++) {
      String text = json.formatted(sent);
      GenericRecord record =
          new GenericDatumReader<GenericRecord>(schema)
              .read(null, DecoderFactory.get().jsonDecoder(schema, text));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] header = new byte[WireFormat.HEADER_BYTES];
      WireFormat.putHeader(header, 0, id);
      out.write(header);
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
      encoder.flush();
      rows.put(sent, expected(text));
      send(out.toByteArray(), isDead);
    }
  }

  private void breakSome(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      send(new byte[] {9, (byte) i}, true);
    }
  }

  /** Of a time that is long past, so that a second is enough for an unknown id. */
  private void send(byte[] value, boolean isDead) throws Exception {
    RecordMetadata place =
        producer
            .send(
                new ProducerRecord<>(
                    NAME, (int) (sent % PARTITIONS), 1_700_000_000_000L + sent, null, value))
            .get();
    sent++;
    if (isDead) {
      dead.put(place.partition() + " " + place.offset(), Arrays.toString(value));
    }
  }

  /** Avro's JSON names a union's type; a table's struct has a member for it. */
  private static JsonNode expected(String avroJson) throws Exception {
    ObjectNode row = (ObjectNode) JSON.readTree(avroJson);
    if (row.get("pick") instanceof ObjectNode pick) {
      ObjectNode members = JSON.createObjectNode();
      pick.properties().forEach(e -> members.set("member_" + e.getKey(), e.getValue()));
      row.set("pick", members);
    }
    if (row.has("extra")) {
      row.set("extra", row.get("extra").get("double"));
    }
    for (JsonNode item : row.get("items")) {
      if (item.has("b")) {
        JsonNode text = ((ObjectNode) item).remove("b");
        if (!text.isNull()) {
          ((ObjectNode) item).set("b", text.get("string"));
        }
      }
    }
    return row;
  }

  private Redrive.Result redrive(MillraceConfig config) throws Exception {
    return Redrive.run(
        config,
        config.streams().get(NAME),
        DeadLetterFilter.ALL,
        Redrive.Options.DEFAULTS,
        InstantSource.system());
  }

  private static long optimize(SparkSession spark, String table) {
    Row metrics = spark.sql("OPTIMIZE delta.`" + table + "`").first().getStruct(1);
    return metrics.<Long>getAs("numFilesRemoved");
  }

  private void assertTables(SparkSession spark, String table) throws Exception {
    Dataset<Row> main = spark.read().format("delta").load(table);
    String[] values =
        Arrays.stream(main.columns()).filter(c -> !c.startsWith("kafka_")).toArray(String[]::new);
    Map<Long, JsonNode> found = new TreeMap<>();
    for (Row row :
        main.selectExpr("to_json(struct(" + String.join(",", values) + "))").collectAsList()) {
      JsonNode read = JSON.readTree(row.getString(0));
      assertThat(found.put(read.get("id").asLong(), read)).isNull();
    }
    assertThat(found).isEqualTo(rows);

    Map<String, String> letters = new TreeMap<>();
    for (Row row :
        spark
            .read()
            .format("delta")
            .load(DeadLetterTable.path(table))
            .select("kafka_partition", "kafka_offset", "kafka_value")
            .collectAsList()) {
      String place = row.getInt(0) + " " + row.getLong(1);
      assertThat(letters.put(place, Arrays.toString((byte[]) row.get(2)))).isNull();
    }
    assertThat(letters).isEqualTo(dead);
  }
}
