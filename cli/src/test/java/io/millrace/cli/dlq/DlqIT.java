package io.millrace.cli.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.MillraceCli;
import io.millrace.cli.SparkSessions;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.wire.WireFormat;
import io.millrace.embedded.LocalStack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs over a real broker, registry and tables. */
class DlqIT {
  private static final Schema SCHEMA =
      SchemaBuilder.record("Reading")
          .fields()
          .requiredLong("id")
          .optionalString("note")
          .endRecord();
  private static final long AT = 1_700_000_000_000L;
  private static final int UNKNOWN_ID = 1 << 20;

  @TempDir private static Path directory;
  private static LocalStack stack;

  private record Run(int code, String out, String err) {}

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(directory.resolve("stack"));
  }

  @AfterAll
  static void stop() {
    SparkSessions.stop();
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void listsAndShows() throws Exception {
    // Given rows, and three dead letters in two partitions
    stack.createTopic("readings", 2);
    int id = register("readings");
    byte[] whole = value(id, 7, "note");
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      producer.send(record("readings", 0, 0, value(id, 1, "a"))).get();
      producer.send(record("readings", 0, 1, Arrays.copyOf(whole, whole.length - 2))).get();
      producer.send(record("readings", 1, 2, value(UNKNOWN_ID, 2, "b"))).get();
      ProducerRecord<byte[], byte[]> text =
          record("readings", 1, 3, "{\u001b}".getBytes(StandardCharsets.UTF_8));
      text.headers().add("from", "tests".getBytes(StandardCharsets.UTF_8));
      producer.send(text).get();
    }
    Path config = config("readings");
    assertThat(run(config, "ingest", "--once").code()).isZero();

    // When and then
    Run list = run(config, "dlq", "list");
    assertThat(list.code()).as(list.err()).isZero();
    assertThat(list.out().lines())
        .hasSize(7)
        .contains(
            "stream readings: 3 dead letters",
            "  1 MALFORMED, from 2023-11-14T22:13:20.001Z to 2023-11-14T22:13:20.001Z");
    assertThat(list.out())
        .containsPattern(
            "partition 0 offset 1 +2023-11-14T22:13:20.001Z +schema id %d +MALFORMED +field note"
                .formatted(id));
    assertThat(run(config, "dlq", "list", "--limit", "1").out())
        .contains("and 2 more")
        .doesNotContain("partition 1");
    assertThat(found(config, "--partition", "1")).containsExactly(0L, 1L);
    assertThat(found(config, "--error", "no-header")).containsExactly(1L);
    assertThat(found(config, "--schema-id", Integer.toString(UNKNOWN_ID))).containsExactly(0L);
    assertThat(
            found(config, "--from", "2023-11-14T22:13:20.002Z", "--to", "2023-11-14T22:13:20.003Z"))
        .containsExactly(0L);
    assertThat(found(config, "--error", "invalid")).isEmpty();

    Run cut = run(config, "dlq", "show", "--partition", "0", "--offset", "1");
    assertThat(cut.code()).as(cut.err()).isZero();
    assertThat(cut.out())
        .contains("error now   MALFORMED: field note at byte ")
        .contains(
            "expected    null or string of field note by schema id %d, for the column note STRING"
                .formatted(id))
        .containsPattern("00000000  00 00 00 00 .*\\R +\\^\\^ byte [78]");
    Run text = run(config, "dlq", "show", "--partition", "1", "--offset", "1");
    assertThat(text.out())
        .contains("schema id   none", "header      from = \"tests\"", "|{.}|")
        .doesNotContain("\u001b");
    Run none = run(config, "dlq", "show", "--partition", "0", "--offset", "0");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("it is no dead letter");

    assertThat(run(config, "dlq", "list", "--stream", "none").err()).contains("it has readings");
  }

  @Test
  void redrivesAndDiscards() throws Exception {
    // Given records of a schema that is registered only after they became dead letters
    stack.createTopic("late", 1);
    int next = register("before-late") + 1;
    Schema late = SchemaBuilder.record("Late").fields().requiredLong("id").endRecord();
    byte[] seven = {14};
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      producer.send(record("late", 0, 0, value(register("late"), 1, "a"))).get();
      for (int i = 1; i < 4; i++) {
        producer.send(record("late", 0, i, prefixed(next, seven))).get();
      }
      for (int i = 4; i < 6; i++) {
        producer.send(record("late", 0, i, new byte[] {1, 2})).get();
      }
    }
    Path config = config("late");
    assertThat(run(config, "ingest", "--once").code()).isZero();
    assertThat(run(config, "dlq", "redrive").out())
        .isEqualTo(
            """
            stream late: 0 dead letters are rows now, 5 stay
              2 NO_HEADER
              3 UNKNOWN_SCHEMA
            """);
    assertThat(register("late-later", late)).isEqualTo(next);

    // When and then
    assertThat(run(config, "dlq", "redrive", "--dry-run", "--offset", "1-2").out())
        .isEqualTo("stream late: 2 dead letters would be rows, 0 would stay\n");
    assertThat(run(config, "dlq", "redrive", "--offset", "1-2", "--offset", "4").out())
        .isEqualTo(
            """
            stream late: 2 dead letters are rows now, 1 stay
              1 NO_HEADER
            """);
    assertThat(found(config)).containsExactly(3L, 4L, 5L);
    assertThat(found(config, "--all", "--offset", "0-3")).containsExactly(1L, 2L, 3L);
    Run verified = run(config, "verify");
    assertThat(verified.code()).as(verified.out()).isZero();
    assertThat(verified.out()).contains("5 dead letters", "2 of them redriven");

    String[] discard = {"dlq", "discard", "--error", "no-header", "--reason", "a load\ntest"};
    assertThat(run(config, with(discard, "--dry-run")).out())
        .isEqualTo("stream late: 2 dead letters would be discarded\n");
    assertThat(run(config, discard).out()).isEqualTo("stream late: 2 dead letters discarded\n");
    assertThat(found(config)).containsExactly(3L);
    assertThat(run(config, "dlq", "list", "--all").out())
        .containsPattern("offset 1 .* \\(redriven \\S+ by \\S+@\\S+\\)")
        .containsPattern("offset 5 .* \\(discarded \\S+ by \\S+@\\S+: a load.test\\)");
    assertThat(run(config, "dlq", "show", "--partition", "0", "--offset", "4").out())
        .containsPattern("state +discarded");
    assertThat(run(config, "dlq", "redrive", "--discarded").out())
        .isEqualTo(
            """
            stream late: 1 dead letters are rows now, 2 stay
              2 NO_HEADER
            """);
    assertThat(run(config, "verify").out()).contains("3 of them redriven", "2 of them discarded");

    assertThat(run(config, "dlq", "discard").code()).isEqualTo(2);
    assertThat(run(config, "dlq", "discard", "--reason", " ").err()).contains("--reason");
    assertThat(run(config, "dlq", "redrive", "--offset", "9-7").err())
        .contains("'9-7' is not an offset such as 1042");
  }

  private static String[] with(String[] arguments, String more) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = more;
    return all;
  }

  private static Run run(Path config, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-c", config.toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        MillraceCli.execute(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  /** Offsets of the dead letters listed. */
  private static List<Long> found(Path config, String... filters) throws IOException {
    List<String> all = new ArrayList<>(List.of("dlq", "list", "--json"));
    all.addAll(List.of(filters));
    Run run = run(config, all.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode stream = new ObjectMapper().readTree(run.out()).path("streams").get(0);
    List<Long> offsets = new ArrayList<>();
    stream.path("shown").forEach(line -> offsets.add(line.path("offset").asLong()));
    assertThat(stream.path("deadLetters").asInt()).isEqualTo(offsets.size());
    return offsets;
  }

  private static Path config(String stream) throws IOException {
    return Files.writeString(
        directory.resolve(stream + ".yaml"),
        """
        kafka: {bootstrap.servers: %s}
        registry: {url: %s}
        streams:
          %s: {topic: %s, table: lake/%s, unknownSchemaAfter: 0s}
        """
            .formatted(stack.bootstrapServers(), stack.registryUrl(), stream, stream, stream));
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", stack.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static int register(String topic) {
    return register(topic, SCHEMA);
  }

  private static int register(String topic, Schema schema) {
    try (SchemaRegistry registry =
        new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()))) {
      return registry.register(topic + "-value", schema);
    }
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, int partition, long millis, byte[] value) {
    return new ProducerRecord<>(topic, partition, AT + millis, null, value);
  }

  private static byte[] value(int schemaId, long id, String note) throws IOException {
    GenericRecord reading =
        new GenericRecordBuilder(SCHEMA).set("id", id).set("note", note).build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(SCHEMA).write(reading, encoder);
    encoder.flush();
    return prefixed(schemaId, out.toByteArray());
  }

  private static byte[] prefixed(int schemaId, byte[] avro) {
    byte[] bytes = new byte[WireFormat.HEADER_BYTES + avro.length];
    WireFormat.putHeader(bytes, 0, schemaId);
    System.arraycopy(avro, 0, bytes, WireFormat.HEADER_BYTES, avro.length);
    return bytes;
  }
}
