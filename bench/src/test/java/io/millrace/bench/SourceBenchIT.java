package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison on a small topic: that both sides read the same. */
class SourceBenchIT {
  @TempDir private Path directory;

  @Test
  void bothSidesReadTheSame() throws Exception {
    List<String> lines = new ArrayList<>();

    SourceBenchReport report =
        new SourceBench(
                new SourceBench.Options(20_000, 4, 1, "1g", directory.resolve("bench")), lines::add)
            .run();

    assertThat(report.comparisons())
        .extracting(comparison -> comparison.columns().size())
        .containsExactly(7, 2);
    assertThat(report.comparisons())
        .allSatisfy(
            comparison -> {
              assertThat(comparison.hash()).isNotZero();
              assertThat(comparison.cpuRatio()).isPositive();
              assertThat(comparison.stock().cpuMicros().median()).isPositive();
            });
    assertThat(lines).hasSize(5);
  }
}
