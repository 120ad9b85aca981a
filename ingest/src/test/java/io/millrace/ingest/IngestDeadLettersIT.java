package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.core.config.Breaker;
import io.millrace.core.config.FieldRule;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.wire.WireFormat;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import io.millrace.lake.verify.VerifyReport;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that can't be rows: the stream goes on, and they are in the table of dead letters. */
class IngestDeadLettersIT {
  private static final long AT = 1_700_000_000_000L;

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void everyKindOfBrokenRecordIsADeadLetterAndAllOthersAreRows() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given good records, and among them what can't be decoded or stored
      topic.sendReadings(0, 30, 2);
      byte[] whole = topic.value(30, AT, "cut off");
      byte[] longer = Arrays.copyOf(whole, whole.length + 1);
      byte[] unknownId = whole.clone();
      WireFormat.putHeader(unknownId, 0, 1 << 20);
      topic.send(1, new byte[] {7}, Arrays.copyOf(whole, whole.length - 2));
      topic.send(1, null, longer);
      topic.send(0, null, new byte[] {'{', '"', 'a', '"', '}'});
      topic.send(0, null, unknownId);
      topic.send(0, null, topic.value(31, Long.MAX_VALUE, "far"));
      Schema conflict =
          new Schema.Parser()
              .parse(
                  "{'type':'record','name':'Reading','fields':[{'name':'id','type':'string'}]}"
                      .replace('\'', '"'));
      topic.send(0, conflict, new GenericRecordBuilder(conflict).set("id", "not a number"));
      topic.sendReadings(32, 60, 2);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();

      // When
      IngestResult result = Runs.drain(stream);

      // Then
      assertThat(result.firstFailure()).isEmpty();
      assertThat(result.drained()).isTrue();
      assertThat(result.streams().get(0).restarts()).isZero();
      assertThat(result.streams().get(0).deadLetters()).isEqualTo(6);
      assertThat(TableRows.read(stream.table())).hasSize(58);
      List<Map<String, Object>> dead = deadLetters(stream);
      assertThat(dead)
          .extracting(
              row -> row.get("kafka_partition"),
              row -> row.get("kafka_offset"),
              row -> row.get("error_class"))
          .containsExactlyInAnyOrder(
              tuple(1, 15L, "MALFORMED"),
              tuple(1, 16L, "MALFORMED"),
              tuple(0, 15L, "NO_HEADER"),
              tuple(0, 16L, "UNKNOWN_SCHEMA"),
              tuple(0, 17L, "OUT_OF_RANGE"),
              tuple(0, 18L, "TYPE_CONFLICT"));
      Map<String, Object> cut =
          dead.stream()
              .filter(r -> r.get("kafka_offset").equals(15L) && r.get("kafka_partition").equals(1))
              .findFirst()
              .orElseThrow();
      assertThat((byte[]) cut.get("kafka_value")).isEqualTo(Arrays.copyOf(whole, whole.length - 2));
      assertThat((byte[]) cut.get("kafka_key")).isEqualTo(new byte[] {7});
      assertThat(cut.get("schema_id")).isEqualTo(topic.schemaId);
      assertThat(cut.get("error_message").toString()).contains("field note at byte");
      assertProven(stream, 58, 6);

      // And a second run does nothing twice
      Runs.drain(stream);
      assertThat(deadLetters(stream)).hasSize(6);
      assertProven(stream, 58, 6);
    }
  }

  @Test
  void twoSchemasThatContradictEachOtherGiveRowsAndDeadLetters() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);

      // When one task may meet a field as a number, and another as a text
      Schema number = with("{'name':'x','type':'long'}");
      Schema text = with("{'name':'x','type':'string'}");
      for (long id = 20; id < 60; id++) {
        boolean even = id % 2 == 0;
        Schema schema = even ? number : text;
        topic.send(
            even ? 0 : 1,
            schema,
            new GenericRecordBuilder(schema).set("id", id).set("x", even ? (Object) id : "t"));
      }
      topic.awaitAcknowledged();
      IngestResult result = Runs.drain(stream);

      assertThat(result.firstFailure()).isEmpty();
      assertThat(result.drained()).isTrue();
      assertThat(TableRows.read(stream.table())).hasSize(40);
      assertThat(deadLetters(stream))
          .hasSize(20)
          .allSatisfy(row -> assertThat(row.get("error_class")).isEqualTo("TYPE_CONFLICT"));
      assertProven(stream, 40, 20);
    }
  }

  @Test
  void aRecordThatBreaksARuleIsADeadLetter() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 100, 2);
      topic.send(0, null, topic.value(100, AT, null));
      topic.send(0, null, topic.value(5, AT, "other words"));
      topic.send(1, null, topic.value(5, AT, "note 1".repeat(10)));
      topic.send(1, null, new byte[] {0, -1, 2, 3, 4, 5, 6}); // no registry has negative ids
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .rules(
                  new FieldRule("id", true, null, new BigDecimal(89), null, List.of()),
                  new FieldRule("note", true, null, null, "note [0-9]+", List.of()))
              .maxRecordBytes(50)
              .unknownSchemaAfter(Duration.ofDays(1))
              .config();

      IngestResult result = Runs.drain(stream);

      assertThat(result.drained()).isTrue();
      assertThat(TableRows.read(stream.table())).hasSize(90);
      assertThat(deadLetters(stream))
          .hasSize(14)
          .extracting(row -> row.get("error_message"))
          .contains(
              "schema id -16645372 is not in the schema registry: ids are positive",
              "74 bytes, and the stream's maxRecordBytes is 50",
              "field id: 99 is outside of ..89",
              "field note: \"other words\" does not match note [0-9]+");
      assertThat(deadLetters(stream))
          .filteredOn(row -> row.get("error_class").equals("INVALID"))
          .hasSize(12);
      assertProven(stream, 90, 14);
    }
  }

  @Test
  void idsThatMeanNothingDoNotHoldUpWhatIsOldAlready() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given records of last week, between them some with ids that the registry never had
      long lastWeek = System.currentTimeMillis() - Duration.ofDays(7).toMillis();
      for (int i = 0; i < 60; i++) {
        byte[] value = topic.value(i, AT, "note " + i);
        if (i % 20 == 10) {
          WireFormat.putHeader(value, 0, (1 << 20) + i);
        }
        topic.sendAt(0, lastWeek, value);
      }
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .unknownSchemaAfter(Duration.ofDays(1))
              .config();

      IngestResult result = Runs.drain(stream);

      assertThat(result.drained()).isTrue();
      assertThat(TableRows.read(stream.table())).hasSize(57);
      assertThat(deadLetters(stream))
          .hasSize(3)
          .allSatisfy(row -> assertThat(row.get("error_class")).isEqualTo("UNKNOWN_SCHEMA"));
      assertProven(stream, 57, 3);
    }
  }

  @Test
  void theBreakerStopsTheStreamUntilSomebodyResumesIt() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 90, 1);
      for (int i = 0; i < 10; i++) {
        topic.send(0, null, new byte[] {1});
      }
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .breaker(new Breaker(9, 5, Duration.ofMinutes(10)))
              .config();

      // When 10 of 100 are broken: the batch is committed, and then the stream stops
      IngestResult.Stream stopped = Runs.drain(stream).firstFailure().orElseThrow();
      assertThat(stopped.exitCode()).isEqualTo(ExitCode.PROTECTED.code());
      assertThat(stopped.error()).contains("10 of 100 records").contains("--resume");
      assertThat(stopped.restarts()).isZero();
      assertProven(stream, 90, 10);

      // Then a start alone does not resume it
      topic.sendReadings(90, 100, 1);
      assertThat(Runs.drain(stream).firstFailure().orElseThrow().error())
          .contains("10 of 100 records");
      assertThat(TableRows.read(stream.table())).hasSize(90);
      assertThat(Runs.resume(stack.config(stream)).drained()).isTrue();
      assertThat(Runs.drain(stream).drained()).isTrue();
      assertProven(stream, 100, 10);
    }
  }

  @Test
  void aTopicOfNothingButBrokenRecordsFlowsOn() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      byte[] broken = HexFormat.of().parseHex("ff00ff00ff00");
      for (int i = 0; i < 40_000; i++) {
        topic.send(0, null, broken);
      }
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();

      IngestResult result = Runs.drain(stream);

      assertThat(result.drained()).isTrue();
      assertThat(result.streams().get(0).deadLetters()).isEqualTo(40_000);
      assertProven(stream, 0, 40_000);
    }
  }

  private Schema with(String field) {
    return new Schema.Parser()
        .parse(
            ("{'type':'record','name':'Reading','fields':[{'name':'id','type':'long'},"
                    + field
                    + "]}")
                .replace('\'', '"'));
  }

  private static List<Map<String, Object>> deadLetters(StreamConfig stream) {
    String path = DeadLetterTable.path(stream.table());
    assertThat(Files.exists(Path.of(path))).isTrue();
    return TableRows.read(path);
  }

  private void assertProven(StreamConfig stream, long rows, long dead) throws Exception {
    VerifyOptions options = VerifyOptions.defaults();
    VerifyReport report =
        Verifier.verify(
            stack.config(stream),
            new VerifyOptions(
                options.streams(),
                options.manifests(),
                VerifyOptions.Values.ALWAYS,
                options.threads()),
            (name, phase, done, total) -> {});
    StreamReport verified = report.streams().get(0);
    assertThat(verified.findings()).isEmpty();
    assertThat(verified.rows()).isEqualTo(rows);
    assertThat(verified.deadLetters()).isEqualTo(dead);
  }
}
