package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verdict;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Kafka removed before it was ingested is accepted by an operator, and told for ever. */
class IngestAcceptLossIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void aLossIsAcceptedOnceAndVerifyTellsItForEver() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given a stream that was overtaken by retention in one of its partitions
      topic.sendReadings(0, 40, 2);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).mostRecords(4).config();
      Runs.drain(stream);
      topic.sendReadings(40, 60, 2);
      delete(topic, 1, 25);
      assertThat(Runs.drain(stream).firstFailure().orElseThrow().error())
          .contains("5 offsets are gone", "partition 1 offsets 20-24 (5)", "--accept-loss");

      // When less is accepted than is lost
      IngestResult tooLittle = Runs.drain(new Acceptance(OptionalLong.of(4), false), stream);

      // Then
      assertThat(tooLittle.firstFailure().orElseThrow().exitCode())
          .isEqualTo(ExitCode.PROTECTED.code());
      assertThat(tooLittle.firstFailure().orElseThrow().error()).contains("--accept-loss allows 4");

      // When it is accepted
      assertThat(Runs.drain(new Acceptance(OptionalLong.of(5), false), stream).drained()).isTrue();

      // Then it is told, also after further commits and starts
      assertThat(TableRows.read(stream.table())).hasSize(55);
      assertAccepted(verify(stream), 5);
      topic.sendReadings(60, 120, 2);
      assertThat(Runs.drain(stream).drained()).isTrue();
      assertThat(TableRows.read(stream.table())).hasSize(115);
      assertAccepted(verify(stream), 5);

      // And another one is another's decision
      topic.sendReadings(120, 140, 2);
      delete(topic, 0, 62);
      assertThat(Runs.drain(stream).firstFailure().orElseThrow().error())
          .contains("2 offsets are gone", "partition 0 offsets 60-61 (2)");
      assertThat(
              Runs.drain(new Acceptance(OptionalLong.of(Long.MAX_VALUE), false), stream).drained())
          .isTrue();
      assertAccepted(verify(stream), 7);
    }
  }

  private static void assertAccepted(StreamReport report, long offsets) {
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.PROVEN);
    assertThat(report.lost()).isZero();
    assertThat(report.acceptedLoss()).isEqualTo(offsets);
    assertThat(report.notes())
        .anyMatch(
            note ->
                note.startsWith("partition 1: offsets 20-24 were accepted as lost at ")
                    && note.contains(" by " + System.getProperty("user.name") + "@"));
  }

  private StreamReport verify(StreamConfig stream) {
    return Verifier.verify(
            stack.config(stream), VerifyOptions.defaults(), (name, phase, done, total) -> {})
        .streams()
        .get(0);
  }

  private void delete(TestTopic topic, int partition, long before) throws Exception {
    try (Admin admin = Admin.create(Map.<String, Object>copyOf(stack.kafka()))) {
      admin
          .deleteRecords(
              Map.of(
                  new TopicPartition(topic.name, partition), RecordsToDelete.beforeOffset(before)))
          .all()
          .get();
    }
  }
}
