package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All schemas and kinds of broken records, at a low rate. */
class EvolutionBenchIT {
  @TempDir private Path directory;

  @Test
  void everySchemaFlowsAndBrokenRecordsAreDeadLetters() {
    Path bench = directory.resolve("bench");
    List<String> lines = new ArrayList<>();

    EvolutionBenchReport report =
        new EvolutionBench(new EvolutionBench.Options(1_000, 2, 10, 2, bench), lines::add).run();

    assertThat(report.verified()).isTrue();
    assertThat(report.rows()).isEqualTo(12_000);
    assertThat(report.deadLetters()).isPositive();
    assertThat(report.tableSchemaChanges()).isBetween(1L, 5L);
    assertThat(report.commits()).isGreaterThan(5);
    assertThat(report.gaps().longestMillis()).isPositive();
    assertThat(lines).hasSize(7);
  }
}
