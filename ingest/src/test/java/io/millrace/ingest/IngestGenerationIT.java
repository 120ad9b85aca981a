package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StartingOffsets;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.verify.Finding;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A topic, or a log, that is not the one that the table was filled from, and an operator's word.
 */
class IngestGenerationIT {
  private static final Acceptance ANY =
      new Acceptance(OptionalLong.empty(), false, Acceptance.ANY_GENERATION);

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void aTopicMadeAnewGoesOnAsAnotherGeneration() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given a table with rows, dead letters, and some of those that are rows by now
      topic.sendReadings(0, 20, 2);
      LateRecords late = new LateRecords(stack, topic);
      late.send(20, 26);
      topic.send(1, null, new byte[] {1, 2, 3});
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      late.register();
      late.redrive(stream, LateRecords.ofPartition(0));
      late.prove(stream, 23, 7, 3, 0);

      // When the topic is deleted and made anew, with the same offsets again
      makeAnew(topic, 2);
      topic.sendReadings(100, 110, 2);
      topic.send(0, null, new byte[] {4});
      topic.awaitAcknowledged();

      // Then nothing goes on without the operator's word, or with one for another generation
      IngestResult refused = Runs.drain(stream);
      assertStopped(refused, "--accept-new-generation");
      assertStopped(
          Runs.drain(new Acceptance(OptionalLong.empty(), false, 3), stream), "created again");

      // And with it both are in the table, and proven
      assertThat(Runs.drain(new Acceptance(OptionalLong.empty(), false, 2), stream).drained())
          .isTrue();
      assertThat(rowsOf(stream, null)).isEqualTo(23);
      assertThat(rowsOf(stream, 2)).isEqualTo(10);
      assertThat(TableRows.read(DeadLetterTable.path(stream.table()))).hasSize(7);
      assertThat(TableRows.read(DeadLetterTable.path(stream.table(), 2))).hasSize(1);
      StreamReport report = prove(late, stream, 2, 33, 8);
      assertThat(report.redriven()).isEqualTo(3);
      assertThat(report.closed()).hasSize(1);
      assertThat(report.closed().get(0).partitions()).hasSize(2);

      // And the stream goes on by itself, and its dead letters can be worked on
      topic.sendReadings(110, 130, 2);
      assertThat(Runs.drain(stream).drained()).isTrue();
      assertThat(late.redrive(stream).redriven()).isZero();
      assertThat(late.discard(stream, LateRecords.ofPartition(0), false)).isEqualTo(1);
      report = prove(late, stream, 2, 53, 8);
      assertThat(report.discarded()).isEqualTo(1);
    }
  }

  @Test
  void aThirdGenerationBeginsAtTheStartEvenWhereTheStreamBeganAtTheEnd() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 5, 1);
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .starting(new StartingOffsets.Latest())
              .config();
      Runs.drain(stream);
      topic.sendReadings(5, 8, 1);
      Runs.drain(stream);
      makeAnew(topic, 1);
      topic.sendReadings(10, 14, 1);
      assertThat(Runs.drain(ANY, stream).drained()).isTrue();
      makeAnew(topic, 1);
      topic.sendReadings(20, 25, 1);
      assertThat(Runs.drain(ANY, stream).drained()).isTrue();

      assertThat(rowsOf(stream, null)).isEqualTo(3);
      assertThat(rowsOf(stream, 2)).isEqualTo(4);
      assertThat(rowsOf(stream, 3)).isEqualTo(5);
      prove(new LateRecords(stack, topic), stream, 3, 12, 0);
    }
  }

  @Test
  void aLogThatWasCutGoesOnWhereItParts() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given a table with 10 records of each partition
      topic.sendReadings(0, 20, 2);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);

      // When one partition comes back without them, and others take their offsets
      stack.stack().killBroker();
      stack.cutLog(topic.name + "-0");
      stack.stack().startBroker();
      topic.sendReadings(20, 60, 2);
      assertStopped(Runs.drain(stream), "log of partition 0 was cut");
      assertThat(Runs.drain(ANY, stream).drained()).isTrue();

      // Then all of its new records are there, and those of the other one once
      Ledger ledger = ledger(stream);
      assertThat(ledger.generation()).isEqualTo(2);
      assertThat(ledger.partitions().get(0).first()).isZero();
      assertThat(ledger.partitions().get(1).first()).isEqualTo(10);
      assertThat(rowsOf(stream, null)).isEqualTo(20);
      assertThat(rowsOf(stream, 2)).isEqualTo(40);
      prove(new LateRecords(stack, topic), stream, 2, 60, 0);
    }
  }

  @Test
  void anAcceptedLossOfAnEarlierGenerationIsStillTold() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 10, 1);
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .sql("SELECT id, note FROM stream WHERE id <> 3")
              .config();
      Runs.drain(stream);
      topic.sendReadings(10, 20, 1);
      deleteBefore(topic, 12);
      Runs.drain(new Acceptance(OptionalLong.of(2), false), stream);
      makeAnew(topic, 1);
      topic.sendReadings(0, 10, 1);

      assertThat(Runs.drain(ANY, stream).drained()).isTrue();

      assertThat(rowsOf(stream, null)).isEqualTo(17);
      assertThat(rowsOf(stream, 2)).isEqualTo(9);
      StreamReport report = new LateRecords(stack, topic).verify(stream);
      assertThat(report.findings()).isEmpty();
      assertThat(report.acceptedLoss()).isEqualTo(2);
      assertThat(report.filtered()).isEqualTo(2);
      assertThat(report.notes())
          .anyMatch(
              note -> note.startsWith("generation 1, partition 0: offsets 10-11 were accept"));
    }
  }

  @Test
  void aRowOfAnEarlierGenerationThatIsGoneIsFound() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 10, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      makeAnew(topic, 1);
      topic.sendReadings(10, 20, 1);
      Runs.drain(ANY, stream);
      Path first;
      try (var files = Files.list(lake.resolve("t"))) {
        first =
            files
                .filter(f -> f.toString().endsWith(".parquet"))
                .min(Comparator.comparing(f -> f.toFile().lastModified()))
                .orElseThrow();
      }
      Files.delete(first);

      StreamReport report = new LateRecords(stack, topic).verify(stream);

      assertThat(report.verdict()).isEqualTo(Verdict.WRONG);
      assertThat(report.findings()).anyMatch(f -> f.kind() == Finding.Kind.MISSING_FILE);
      assertThat(report.findings())
          .anyMatch(
              f ->
                  f.kind() == Finding.Kind.LEDGER_COUNTS
                      && f.text().startsWith("generation 1, the ledger claims 10 rows"));
    }
  }

  private StreamReport prove(
      LateRecords late, StreamConfig stream, int generation, long rows, long dead)
      throws Exception {
    StreamReport report = late.verify(stream);
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.PROVEN);
    assertThat(report.generation()).isEqualTo(generation);
    assertThat(report.rows()).isEqualTo(rows);
    assertThat(report.deadLetters()).isEqualTo(dead);
    return report;
  }

  private static long rowsOf(StreamConfig stream, Integer generation) {
    return TableRows.read(stream.table()).stream()
        .filter(row -> Objects.equals(row.get("kafka_generation"), generation))
        .count();
  }

  private static Ledger ledger(StreamConfig stream) {
    return PinnedTable.latest(stream.table(), LakeConfiguration.of(Map.of()))
        .orElseThrow()
        .domain(DeltaTable.ledgerDomain(stream.name()))
        .map(Ledger::fromJson)
        .orElseThrow();
  }

  private static void assertStopped(IngestResult result, String... words) {
    var failure = result.firstFailure().orElseThrow();
    assertThat(failure.exitCode()).isEqualTo(ExitCode.PROTECTED.code());
    assertThat(failure.error()).contains(words);
  }

  private void makeAnew(TestTopic topic, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.<String, Object>copyOf(stack.kafka()))) {
      admin.deleteTopics(List.of(topic.name)).all().get();
      Runs.await(() -> !topics(admin).contains(topic.name));
    }
    stack.stack().createTopic(topic.name, partitions);
  }

  private static Set<String> topics(Admin admin) {
    try {
      return admin.listTopics().names().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void deleteBefore(TestTopic topic, long offset) throws Exception {
    try (Admin admin = Admin.create(Map.<String, Object>copyOf(stack.kafka()))) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition(topic.name, 0), RecordsToDelete.beforeOffset(offset)))
          .all()
          .get();
    }
  }
}
