package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.FieldRule;
import io.millrace.core.config.KeyFormat;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.redrive.Redrive;
import io.millrace.lake.deadletter.DeadLetterFilter;
import io.millrace.lake.deadletter.ErrorClass;
import io.millrace.lake.verify.Finding;
import io.millrace.lake.verify.Finding.Kind;
import io.millrace.lake.verify.VerifyOptions;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters that become rows, each exactly once, proven before, between and after. */
class IngestRedriveIT {
  private static final Redrive.Options DRY = new Redrive.Options(false, true);

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void whatFitsBecomesRowsAndTheRestStays() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given dead letters of a schema not registered yet, broken ones, and such that break a rule
      topic.sendReadings(0, 20, 2);
      LateRecords late = new LateRecords(stack, topic);
      late.send(20, 30);
      for (int i = 0; i < 3; i++) {
        topic.send(1, null, new byte[] {1, 2, 3});
      }
      topic.sendReadings(50, 54, 2);
      topic.awaitAcknowledged();
      StreamConfig ruled =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .rules(new FieldRule("id", true, null, new BigDecimal(49), null, List.of()))
              .config();
      Runs.drain(ruled);
      late.prove(ruled, 20, 17, 0, 0);

      // When nothing has changed, nothing becomes a row
      Redrive.Result before = late.redrive(ruled);
      assertThat(before.redriven()).isZero();
      assertThat(before.stayed())
          .isEqualTo(
              Map.of(
                  ErrorClass.UNKNOWN_SCHEMA, 10L,
                  ErrorClass.NO_HEADER, 3L,
                  ErrorClass.INVALID, 4L));
      late.prove(ruled, 20, 17, 0, 0);

      // When the schema comes, its records become rows and the table gets their column
      late.register();
      long version = TableRows.open(ruled.table(), Map.of()).version();
      Redrive.Result dry = late.redrive(ruled, DeadLetterFilter.ALL, DRY);
      assertThat(TableRows.open(ruled.table(), Map.of()).version()).isEqualTo(version);
      assertThat(late.redrive(ruled, LateRecords.ofPartition(0)).redriven()).isEqualTo(5);
      late.prove(ruled, 25, 17, 5, 0);
      Redrive.Result rest = late.redrive(ruled);
      assertThat(rest.redriven()).isEqualTo(5);
      assertThat(rest.stayed()).isEqualTo(Map.of(ErrorClass.NO_HEADER, 3L, ErrorClass.INVALID, 4L));
      assertThat(dry).isEqualTo(new Redrive.Result(10, rest.stayed()));
      assertThat(TableRows.read(ruled.table()))
          .filteredOn(row -> row.get("late") != null)
          .hasSize(10)
          .extracting(row -> row.get("late"))
          .contains("late 20", "late 29");
      late.prove(ruled, 30, 17, 10, 0);

      // When all others are given up, no redrive takes them, unless it is told to
      assertThat(late.discard(ruled, DeadLetterFilter.ALL, true)).isEqualTo(7);
      late.prove(ruled, 30, 17, 10, 0);
      assertThat(late.discard(ruled, DeadLetterFilter.ALL, false)).isEqualTo(7);
      late.prove(ruled, 30, 17, 10, 7);
      StreamConfig free =
          new Runs.Stream(topic.name, lake.resolve("t")).named(ruled.name()).config();
      assertThat(late.redrive(free)).isEqualTo(new Redrive.Result(0, Map.of()));
      assertThat(late.discard(free, DeadLetterFilter.ALL, false)).isZero();
      assertThat(late.redrive(free, DeadLetterFilter.ALL, new Redrive.Options(true, false)))
          .isEqualTo(new Redrive.Result(4, Map.of(ErrorClass.NO_HEADER, 3L)));
      late.prove(free, 34, 17, 14, 3);

      // Then ingest goes on
      topic.sendReadings(20, 30, 2);
      Runs.drain(free);
      late.prove(free, 44, 17, 14, 3);
      late.proveSinceEachVersion(free);
    }
  }

  @Test
  void whatStaysHasItsReasonOfNow() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      LateRecords late =
          new LateRecords(
              stack,
              topic,
              SchemaBuilder.record(topic.name.replaceAll("[^A-Za-z0-9]", "_"))
                  .fields()
                  .requiredString("id")
                  .optionalString("late")
                  .endRecord());
      late.send(100, 110);
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);

      late.register();
      assertThat(late.redrive(stream).stayed()).isEqualTo(Map.of(ErrorClass.TYPE_CONFLICT, 10L));

      // Then they are found by it, and a table that was not needed wider is not
      assertThat(late.discard(stream, LateRecords.ofError("unknown-schema"), true)).isZero();
      assertThat(late.discard(stream, LateRecords.ofError("type-conflict"), true)).isEqualTo(10);
      assertThat(TableRows.read(stream.table()).get(0)).doesNotContainKey("late");
      long version = TableRows.open(stream.table(), Map.of()).version();
      late.redrive(stream);
      assertThat(TableRows.open(stream.table(), Map.of()).version()).isEqualTo(version);
      late.prove(stream, 20, 10, 0, 0);
    }
  }

  @Test
  void keysHeadersAndPartitionsAreThoseOfTheRecord() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      LateRecords late = new LateRecords(stack, topic);
      for (int id = 100; id < 140; id++) {
        byte[] key = id % 3 == 0 ? null : ("key " + id).getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record = late.record(id % 2, id, key);
        record.headers().add("again", new byte[] {1}).add("none", null);
        record.headers().add("again", new byte[] {(byte) id});
        topic.send(record);
      }
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .withKey("k", KeyFormat.STRING)
              .withHeaders("h")
              .partitionBy("kafka_timestamp", PartitionBy.Unit.DATE, "day")
              .config();
      Runs.drain(stream);
      late.register();

      assertThat(late.redrive(stream).redriven()).isEqualTo(40);

      late.prove(stream, 60, 40, 40, 0);
      Map<String, Object> row =
          TableRows.read(stream.table()).stream()
              .filter(r -> "late 101".equals(r.get("late")))
              .findFirst()
              .orElseThrow();
      assertThat(row.get("k")).isEqualTo("key 101");
      Map<?, ?> headers = (Map<?, ?>) row.get("h");
      assertThat(headers.get("again")).isEqualTo(new byte[] {101});
      assertThat(headers.containsKey("none")).isTrue();
      assertThat(row.get("day")).isNotNull();
    }
  }

  @Test
  void scatteredDeadLettersAreNotedInAFile() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      LateRecords late = new LateRecords(stack, topic);
      for (int i = 0; i < 1_500; i++) {
        late.send(2L * i, 2L * i + 2);
        topic.send(i % 2, null, new byte[] {9});
      }
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      late.register();

      assertThat(late.redrive(stream).redriven()).isEqualTo(3_000);
      late.prove(stream, 3_020, 4_500, 3_000, 0);
      assertThat(late.discard(stream, LateRecords.ofPartition(0), false)).isEqualTo(750);
      late.prove(stream, 3_020, 4_500, 3_000, 750);

      // When the file is gone, verify says so and nothing is redriven twice
      Path notes = lake.resolve("t/_millrace/resolutions");
      try (Stream<Path> files = Files.list(notes)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      assertThat(late.verify(stream).findings())
          .extracting(Finding::kind)
          .contains(Kind.RESOLUTIONS);
      assertThatThrownBy(() -> late.redrive(stream))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("is gone");
    }
  }

  @Test
  void halfARedriveIsFound() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      LateRecords late = new LateRecords(stack, topic);
      late.send(100, 110);
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      late.register();
      VerifyOptions.Since before =
          VerifyOptions.Since.version(TableRows.open(stream.table(), Map.of()).version());
      late.redrive(stream);
      Path commit = lastCommit();
      List<String> whole = Files.readAllLines(commit);

      // When the rows are there without their note
      Files.write(commit, without(whole, line -> line.contains("millrace.redrive.")));
      assertThat(late.verify(stream).findings())
          .extracting(Finding::kind)
          .contains(Kind.ROW_AND_DEAD_LETTER);
      assertThat(late.verify(stream, before).findings())
          .extracting(Finding::kind)
          .contains(Kind.DUPLICATE_ROWS);

      // When the note is there without its rows
      Files.write(commit, without(whole, line -> line.startsWith("{\"add\"")));
      assertThat(late.verify(stream).findings())
          .extracting(Finding::kind)
          .contains(Kind.RESOLUTIONS)
          .doesNotContain(Kind.ROW_AND_DEAD_LETTER);
      assertThat(late.verify(stream, before).findings())
          .extracting(Finding::toString)
          .anyMatch(text -> text.contains("redriven since, have no row"));
    }
  }

  /** Without the checksum file, which repeats the domains. */
  private Path lastCommit() throws IOException {
    try (Stream<Path> files = Files.list(lake.resolve("t/_delta_log"))) {
      Path commit =
          files
              .filter(file -> file.toString().endsWith(".json"))
              .sorted()
              .reduce((a, b) -> b)
              .orElseThrow();
      Files.deleteIfExists(
          commit.resolveSibling(commit.getFileName().toString().replace(".json", ".crc")));
      return commit;
    }
  }

  private static List<String> without(List<String> lines, Predicate<String> some) {
    List<String> rest = lines.stream().filter(some.negate()).toList();
    assertThat(rest).hasSizeLessThan(lines.size());
    return rest;
  }
}
