package io.millrace.cli.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.MillraceCli;
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
    try (SchemaRegistry registry =
        new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()))) {
      return registry.register(topic + "-value", SCHEMA);
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
    byte[] header = new byte[WireFormat.HEADER_BYTES];
    WireFormat.putHeader(header, 0, schemaId);
    out.write(header);
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(SCHEMA).write(reading, encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
