package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.FieldRule;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.redrive.Discard;
import io.millrace.ingest.redrive.Redrive;
import io.millrace.ingest.redrive.Steps;
import io.millrace.lake.deadletter.DeadLetterFilter;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.deadletter.ErrorClass;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters that become rows, each exactly once, proven before, between and after. */
class IngestRedriveIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void whatFitsBecomesRowsAndTheRestStays() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given dead letters of a schema not registered yet, broken ones, and such that break a rule
      topic.sendReadings(0, 20, 2);
      int unknown = nextId();
      sendLate(topic, unknown, 100, 110);
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
      assertProven(ruled, 20, 17, 0, 0);

      // When nothing has changed, nothing becomes a row
      Redrive.Result before = redrive(ruled, DeadLetterFilter.ALL);
      assertThat(before.redriven()).isZero();
      assertThat(before.stayed())
          .isEqualTo(
              Map.of(
                  ErrorClass.UNKNOWN_SCHEMA, 10L,
                  ErrorClass.NO_HEADER, 3L,
                  ErrorClass.INVALID, 4L));
      assertProven(ruled, 20, 17, 0, 0);

      // When the schema comes, its records become rows and the table gets their column
      assertThat(register(topic)).isEqualTo(unknown);
      Redrive.Result some = redrive(ruled, onlyPartition(0));
      assertThat(some.redriven()).isEqualTo(5);
      assertProven(ruled, 25, 17, 5, 0);
      Redrive.Result late = redrive(ruled, DeadLetterFilter.ALL);
      assertThat(late.redriven()).isEqualTo(5);
      assertThat(late.stayed()).isEqualTo(Map.of(ErrorClass.NO_HEADER, 3L, ErrorClass.INVALID, 4L));
      assertThat(TableRows.read(ruled.table()))
          .filteredOn(row -> row.get("late") != null)
          .hasSize(10)
          .extracting(row -> row.get("late"))
          .contains("late 100", "late 109");
      assertProven(ruled, 30, 17, 10, 0);

      // When the rule goes, too, and what is hopeless is given up
      StreamConfig free =
          new Runs.Stream(topic.name, lake.resolve("t")).named(ruled.name()).config();
      assertThat(redrive(free, DeadLetterFilter.ALL).redriven()).isEqualTo(4);
      assertProven(free, 34, 17, 14, 0);
      assertThat(discard(free, "never ours")).isEqualTo(3);
      assertProven(free, 34, 17, 14, 3);
      assertThat(redrive(free, DeadLetterFilter.ALL)).isEqualTo(new Redrive.Result(0, Map.of()));
      assertThat(discard(free, "again")).isZero();

      // Then ingest goes on
      topic.sendReadings(20, 30, 2);
      Runs.drain(free);
      assertProven(free, 44, 17, 14, 3);
    }
  }

  @Test
  void killedAfterAnyStepEachRecordIsARowOnce() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      sendLate(topic, nextId(), 100, 140);
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      register(topic);

      for (String step : List.of("FILES_WRITTEN", "COLUMNS_ADDED")) {
        assertThat(child(topic, stream, step).waitFor()).isEqualTo(9);
        assertProven(stream, 20, 40, 0, 0);
      }
      assertThat(child(topic, stream, "COMMITTED").waitFor()).isEqualTo(9);
      assertProven(stream, 60, 40, 40, 0);
      assertThat(redrive(stream, DeadLetterFilter.ALL).redriven()).isZero();
      assertProven(stream, 60, 40, 40, 0);
    }
  }

  @Test
  void theSlowerOfTwoStopsAndChangesNothing() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      sendLate(topic, nextId(), 100, 110);
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      register(topic);

      try (Steps other = new Steps("COLUMNS_ADDED", () -> redrive(stream, onlyPartition(1)))) {
        assertThatThrownBy(() -> redrive(stream, DeadLetterFilter.ALL))
            .isInstanceOf(MillraceException.class)
            .hasMessageContaining("was faster; this one stops");
      }
      assertProven(stream, 25, 10, 5, 0);
      assertThat(redrive(stream, DeadLetterFilter.ALL).redriven()).isEqualTo(5);
      assertProven(stream, 30, 10, 10, 0);
    }
  }

  @Test
  void ingestGoesOnMeanwhile() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      int unknown = nextId();
      sendLate(topic, unknown, 100, 140);
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t")).mostRecords(200).config();
      Runs.drain(stream);
      register(topic);
      assertProven(stream, 20, 40, 0, 0);

      // When dead letters are redriven in two steps while batch after batch is committed
      AtomicBoolean redriven = new AtomicBoolean();
      CompletableFuture<Void> meanwhile =
          CompletableFuture.runAsync(
              () -> {
                Runs.await(() -> TableRows.read(stream.table()).size() >= 400);
                for (int p = 0; p < 2; p++) {
                  redrive(stream, onlyPartition(p));
                  long rows = TableRows.read(stream.table()).size();
                  Runs.await(() -> TableRows.read(stream.table()).size() > rows);
                }
                redriven.set(true);
              });
      long[] id = {1_000};
      IngestResult result =
          Runs.runUntil(
              () -> {
                topic.sendReadings(id[0], id[0] + 100, 2);
                id[0] += 100;
                return redriven.get() || meanwhile.isCompletedExceptionally();
              },
              stream);
      meanwhile.join();

      // Then
      assertThat(result.firstFailure()).isEmpty();
      assertThat(result.streams().get(0).restarts()).isZero();
      Runs.drain(stream);
      assertProven(stream, 20 + 40 + id[0] - 1_000, 40, 40, 0);
    }
  }

  /** The id that the registry gives next. */
  private int nextId() {
    String name = TestStack.name("next");
    Schema own = SchemaBuilder.record(name.replace('-', '_')).fields().endRecord();
    return stack.registry().register(name + "-value", own) + 1;
  }

  private int register(TestTopic topic) {
    return stack.registry().register(topic.name + "-late", late(topic));
  }

  /**
   * Registered after its records were sent; has a column that the table lacks. A schema that is
   * registered already keeps its id, so each test has one of its own name.
   */
  private static Schema late(TestTopic topic) {
    return SchemaBuilder.record(topic.name.replaceAll("[^A-Za-z0-9]", "_"))
        .fields()
        .requiredLong("id")
        .optionalString("late")
        .endRecord();
  }

  private static void sendLate(TestTopic topic, int schemaId, long from, long to) {
    Schema schema = late(topic);
    for (long id = from; id < to; id++) {
      byte[] avro =
          TestTopic.avro(
              schema,
              new GenericRecordBuilder(schema)
                  .set("id", id % 40)
                  .set("late", "late " + id)
                  .build());
      topic.send((int) (id % 2), null, TestTopic.prefixed(schemaId, avro));
    }
  }

  private static DeadLetterFilter onlyPartition(int partition) {
    return new DeadLetterFilter(
        Optional.empty(), Optional.empty(), Set.of(partition), Set.of(), Set.of());
  }

  private Redrive.Result redrive(StreamConfig stream, DeadLetterFilter filter) {
    return Redrive.run(stack.config(stream), stream, filter, InstantSource.system());
  }

  private long discard(StreamConfig stream, String reason) {
    return Discard.run(
        stack.config(stream), stream, DeadLetterFilter.ALL, reason, InstantSource.system());
  }

  private Process child(TestTopic topic, StreamConfig stream, String step) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(a -> a.startsWith("--add-opens") || a.startsWith("-Djdk"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            ChildRedrive.class.getName(),
            stack.stack().bootstrapServers(),
            stack.stack().registryUrl(),
            topic.name,
            stream.table(),
            stream.name(),
            step));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File("target", "child-redrive-" + stream.name() + ".log"))
        .start();
  }

  private void assertProven(
      StreamConfig stream, long rows, long dead, long redriven, long discarded) throws Exception {
    VerifyOptions options = VerifyOptions.defaults();
    StreamReport verified =
        Verifier.verify(
                stack.config(stream),
                new VerifyOptions(
                    options.streams(),
                    options.manifests(),
                    VerifyOptions.Values.ALWAYS,
                    options.threads()),
                (name, phase, done, total) -> {})
            .streams()
            .get(0);
    assertThat(verified.findings()).isEmpty();
    assertThat(verified.rows()).isEqualTo(rows);
    assertThat(verified.valuesCompared()).isEqualTo(rows);
    assertThat(verified.deadLetters()).isEqualTo(dead);
    assertThat(verified.redriven()).isEqualTo(redriven);
    assertThat(verified.discarded()).isEqualTo(discarded);
    assertThat(TableRows.read(DeadLetterTable.path(stream.table()))).hasSize((int) dead);
  }
}
