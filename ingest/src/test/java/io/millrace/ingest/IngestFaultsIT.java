package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import io.millrace.ingest.task.Faults;
import io.millrace.lake.verify.Finding;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import io.millrace.lake.verify.VerifyReport;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ingest that is made to do wrong is found out by verify; one whose task fails is not. */
class IngestFaultsIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void aDroppedRecordIsFoundAndNamed() {
    StreamReport report;
    try (Faults fault = Faults.dropOneRow()) {
      report = ingestAndVerify();
    }

    assertThat(report.lost()).isEqualTo(1);
    assertThat(report.duplicated()).isZero();
    assertThat(told(report)).contains("offset");
  }

  @Test
  void aRecordWrittenTwiceIsFoundAndNamed() {
    StreamReport report;
    try (Faults fault = Faults.writeOneRowTwice()) {
      report = ingestAndVerify();
    }

    assertThat(report.lost()).isZero();
    assertThat(report.duplicated()).isEqualTo(1);
    assertThat(told(report)).contains("offset");
  }

  @Test
  void aFailedTaskIsTriedAgainWithoutATrace() {
    StreamReport report;
    try (Faults fault = Faults.failOnce()) {
      report = ingestAndVerify();
    }

    assertThat(report.findings()).isEmpty();
    assertThat(report.rows()).isEqualTo(90);
  }

  @Test
  void aTaskThatRanOutOfMemoryGetsHalfAsMuchAndTheStreamGoesOn() {
    try (TestTopic topic = new TestTopic(stack, 1);
        Faults fault = Faults.outOfMemoryOnce()) {
      topic.sendReadings(0, 90, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).mostRecords(80).config();

      IngestResult.Stream result = Runs.drain(stream).streams().get(0);

      assertThat(result.exitCode()).isZero();
      assertThat(result.restarts()).isEqualTo(1);
      assertThat(result.firstBatchRecords()).isEqualTo(40);
      assertThat(result.records()).isEqualTo(90);
      assertThat(TableRows.read(stream.table())).hasSize(90);
    }
  }

  private StreamReport ingestAndVerify() {
    try (TestTopic topic = new TestTopic(stack, 3)) {
      topic.sendReadings(0, 90, 3);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      IngestResult result = Runs.drain(stream);
      assertThat(result.drained()).isTrue();
      assertThat(result.streams().get(0).restarts()).isZero();
      VerifyReport report =
          Verifier.verify(
              stack.config(stream), VerifyOptions.defaults(), (name, phase, done, total) -> {});
      return report.streams().get(0);
    }
  }

  private static String told(StreamReport report) {
    return report.findings().stream().map(Finding::toString).collect(Collectors.joining("\n"));
  }
}
