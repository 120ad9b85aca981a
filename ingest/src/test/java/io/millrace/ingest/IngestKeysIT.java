package io.millrace.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.KeyFormat;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.embedded.testing.PythonEnvironment;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import io.millrace.lake.verify.VerifyReport;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in each form, headers, and schemas that headers name. */
class IngestKeysIT {
  private static final Schema KEY_1 =
      SchemaBuilder.record("K").fields().requiredString("user").endRecord();
  private static final Schema KEY_2 =
      SchemaBuilder.record("K").fields().requiredString("user").optionalLong("shard").endRecord();

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void recordsOfTheOfficialClientWithSchemasInHeaders() throws Exception {
    // Given what the official Python client writes with its header serializer
    PythonEnvironment python =
        PythonEnvironment.with("confluent-kafka[avro,schemaregistry]==2.16.0");
    Path script = Path.of(IngestKeysIT.class.getResource("/header_writer.py").toURI());
    String topic = TestStack.name("python");
    stack.stack().createTopic(topic, 2);
    PythonEnvironment.Result written =
        python.run(script, stack.stack().registryUrl(), stack.stack().bootstrapServers(), topic);
    assertThat(written.exitCode()).as(written.output()).isZero();

    // When
    StreamConfig stream =
        new Runs.Stream(topic, lake.resolve("t"))
            .withKey("k", KeyFormat.AVRO)
            .withHeaders("h")
            .config();
    IngestResult result = Runs.drain(stream);

    // Then
    assertThat(result.firstFailure()).isEmpty();
    List<Map<String, Object>> rows = rows(stream);
    assertThat(rows).hasSize(30);
    for (Map<String, Object> row : rows) {
      long id = (long) row.get("id");
      assertThat(row.get("note")).isEqualTo(id < 10 ? null : "n" + id);
      Map<?, ?> key = (Map<?, ?>) row.get("k");
      assertThat(key.get("user")).isEqualTo("u" + id);
      assertThat(key.get("region")).isEqualTo(id < 10 ? null : "eu");
      Map<?, ?> headers = (Map<?, ?>) row.get("h");
      assertThat(headers.get("n")).isEqualTo(Long.toString(id).getBytes(UTF_8));
      assertThat(headers.get("again")).isEqualTo("last".getBytes(UTF_8));
      assertThat(headers.containsKey("none")).isTrue();
      assertThat(headers.get("none")).isNull();
      assertThat(headers.containsKey("__value_schema_id")).isEqualTo(id < 20);
    }
    // Two of values by GUID and one by id, and as many of keys.
    try (var kept = Files.list(lake.resolve("t/_millrace/schemas"))) {
      assertThat(kept).hasSize(6);
    }
    requireVerified(stream);
  }

  @Test
  void theSchemaOfKeysChangesInTheMiddleOfABatch() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given a table of the first schema of keys
      int first = stack.registry().register(topic.name + "-key", KEY_1);
      for (int i = 0; i < 10; i++) {
        topic.send(0, key(first, KEY_1, i), topic.value(i, 1, null));
      }
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t")).withKey("k", KeyFormat.AVRO).config();
      assertThat(Runs.drain(stream).firstFailure()).isEmpty();

      // When keys of two schemas are mixed, and records without keys
      int second = stack.registry().register(topic.name + "-key", KEY_2);
      for (int i = 10; i < 100; i++) {
        byte[] key =
            switch (i % 3) {
              case 0 -> null;
              case 1 -> key(first, KEY_1, i);
              default -> key(second, KEY_2, i);
            };
        topic.send(0, key, topic.value(i, 1, null));
      }
      topic.awaitAcknowledged();
      IngestResult result = Runs.drain(stream);

      // Then
      assertThat(result.firstFailure()).isEmpty();
      assertThat(result.streams().get(0).restarts()).isZero();
      List<Map<String, Object>> rows = rows(stream);
      assertThat(rows).hasSize(100);
      for (int i = 10; i < 100; i++) {
        Map<?, ?> key = (Map<?, ?>) rows.get(i).get("k");
        if (i % 3 == 0) {
          assertThat(key).isNull();
        } else {
          assertThat(key.get("user")).isEqualTo("user " + i);
          assertThat(key.get("shard")).isEqualTo(i % 3 == 1 ? null : (Object) (long) i);
        }
      }
      requireVerified(stream);
    }
  }

  @Test
  void textKeys() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      List<byte[]> keys = new ArrayList<>();
      keys.add("plain".getBytes(UTF_8));
      keys.add("\u0141\u00f3d\u017a".getBytes(UTF_8));
      keys.add(new byte[] {'x', (byte) 0xff});
      keys.add(new byte[0]);
      keys.add(null);
      for (int i = 0; i < keys.size(); i++) {
        topic.send(0, keys.get(i), topic.value(i, 1, null));
      }
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t")).withKey("k", KeyFormat.STRING).config();

      assertThat(Runs.drain(stream).firstFailure()).isEmpty();

      assertThat(rows(stream))
          .extracting(row -> row.get("k"))
          .containsExactly("plain", "\u0141\u00f3d\u017a", "x\ufffd", "", null);
      requireVerified(stream);
    }
  }

  @Test
  void aHeaderWinsOverThePrefixAndTheLastOfThem() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given a value whose prefix names another schema, as part of its Avro binary
      Schema two =
          SchemaBuilder.record("Two")
              .fields()
              .requiredBytes("prefix")
              .requiredLong("id")
              .endRecord();
      int id = stack.registry().register(topic.name + "-two", two);
      byte[] avro =
          TestTopic.avro(
              two,
              new GenericRecordBuilder(two)
                  .set("prefix", ByteBuffer.allocate(0))
                  .set("id", -1L)
                  .build());
      assertThat(avro[0]).isZero();
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic.name, 0, null, avro);
      record.headers().add("__value_schema_id", new byte[] {9});
      record.headers().add("__value_schema_id", ByteBuffer.allocate(5).putInt(1, id).array());
      topic.send(record);
      topic.sendReadings(0, 3, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();

      assertThat(Runs.drain(stream).firstFailure()).isEmpty();

      assertThat(rows(stream)).extracting(row -> row.get("id")).containsExactly(-1L, 0L, 1L, 2L);
      requireVerified(stream);
    }
  }

  @Test
  void whatCantBeDecodedIsADeadLetter() {
    int keys = stack.registry().register("keys-of-refused", KEY_1);
    assertDeadLetter(
        KeyFormat.BYTES,
        new byte[] {9, 9},
        null,
        "the header __value_schema_id names no schema: it needs byte 0 and an id of 4 bytes, or"
            + " byte 1 and a GUID of 16, and has 2 bytes, the first of them 9");
    UUID guid = new UUID(7, 8);
    byte[] unknown =
        ByteBuffer.allocate(17)
            .put((byte) 1)
            .putLong(guid.getMostSignificantBits())
            .putLong(guid.getLeastSignificantBits())
            .array();
    assertDeadLetter(KeyFormat.BYTES, unknown, null, "GUID " + guid);
    assertDeadLetter(
        KeyFormat.AVRO,
        null,
        "plain".getBytes(UTF_8),
        "the key starts with byte 112, not with the schema registry's magic byte 0");
    assertDeadLetter(
        KeyFormat.AVRO,
        null,
        TestTopic.prefixed(keys, new byte[] {4, 'x'}),
        "the key, field user at byte 1: a length of 2 bytes");
  }

  private void assertDeadLetter(KeyFormat format, byte[] header, byte[] key, String reason) {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      stack.registry().register(topic.name + "-key", KEY_1);
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic.name, 0, key, topic.value(1, 1, null));
      if (header != null) {
        record.headers().add("__value_schema_id", header);
      }
      topic.send(record);
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve(topic.name)).withKey("k", format).config();

      IngestResult result = Runs.drain(stream);

      assertThat(result.firstFailure()).isEmpty();
      assertThat(TableRows.read(stream.table())).isEmpty();
      assertThat(TableRows.read(DeadLetterTable.path(stream.table())))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.get("error_message").toString()).contains(reason);
                assertThat((byte[]) row.get("kafka_value")).isEqualTo(record.value());
                assertThat((byte[]) row.get("kafka_key")).isEqualTo(key);
              });
    }
  }

  private void requireVerified(StreamConfig stream) {
    VerifyReport report =
        Verifier.verify(
            stack.config(stream),
            new VerifyOptions(Set.of(), List.of(), VerifyOptions.Values.ALWAYS, 2),
            (name, phase, done, total) -> {});
    assertThat(report.exitCode()).as(report.toText()).isEqualTo(ExitCode.OK);
  }

  private static byte[] key(int id, Schema schema, int i) {
    GenericRecordBuilder key = new GenericRecordBuilder(schema).set("user", "user " + i);
    if (schema == KEY_2) {
      key.set("shard", (long) i);
    }
    return TestTopic.prefixed(id, TestTopic.avro(schema, key.build()));
  }

  private static List<Map<String, Object>> rows(StreamConfig stream) {
    List<Map<String, Object>> rows = new ArrayList<>(TableRows.read(stream.table()));
    rows.sort(Comparator.comparing(row -> (Long) row.get("id")));
    return rows;
  }
}
