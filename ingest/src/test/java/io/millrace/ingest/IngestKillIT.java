package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ingest processes that are killed: each record is in the table exactly once afterwards. */
class IngestKillIT {
  private static final int RECORDS = 40_000;

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void goesOnAfterKillsInMidBatchAndAfterAHaltBetweenTheTablesCommitAndSparks() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 7)) {
      // Given
      topic.sendReadings(0, RECORDS, 7);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();

      // When: halted after its second batch, then killed in the middle of some batch
      Process halted = ChildIngest.start(stack, topic, stream, 500, 2);
      assertThat(halted.waitFor()).isEqualTo(9);
      long afterHalt = TableRows.countOrZero(stream.table());
      Process killed = ChildIngest.start(stack, topic, stream, 500, 0);
      try {
        Runs.await(() -> TableRows.countOrZero(stream.table()) > afterHalt + 2000);
      } finally {
        killed.destroyForcibly().waitFor();
      }
      long afterKill = TableRows.countOrZero(stream.table());
      IngestResult rest = Runs.drain(stream);

      // Then
      assertThat(afterHalt).isEqualTo(1000);
      assertThat(afterKill).isLessThan(RECORDS);
      assertThat(rest.drained()).isTrue();
      List<Map<String, Object>> rows = TableRows.read(stream.table());
      assertThat(rows).hasSize(RECORDS);
      assertThat(rows.stream().map(r -> r.get("id")).distinct()).hasSize(RECORDS);
    }
  }
}
