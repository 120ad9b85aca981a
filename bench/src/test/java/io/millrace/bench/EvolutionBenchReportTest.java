package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.driver.CommittedBatch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvolutionBenchReportTest {
  private static CommittedBatch batch(long version, long triggered, long committed) {
    return new CommittedBatch(
        "s", version, version, 10, 0, 1, 0, 100, 1, 100, 0, triggered, committed, committed, 0);
  }

  @Test
  void gapsAreThoseWhileRecordsWereSent() {
    EvolutionBench.Options options = new EvolutionBench.Options(100, 2, 1, 1, Path.of("unused"));
    List<CommittedBatch> batches =
        List.of(
            batch(3, 0, 100),
            batch(4, 1_000, 1_100),
            batch(6, 2_000, 2_900), // version 5 was a schema change
            batch(7, 3_000, 3_100),
            batch(8, 9_000, 9_100)); // after the last record was sent

    EvolutionBenchReport report = EvolutionBenchReport.of(options, batches, 3_500, true);

    assertThat(report.gaps()).isEqualTo(new EvolutionBenchReport.Gaps(1_000, 1_800, 1_800, 1_800));
    assertThat(report.tableSchemaChanges()).isEqualTo(1);
    assertThat(report.rows()).isEqualTo(50);
    assertThat(report.deadLetters()).isEqualTo(5);
  }
}
