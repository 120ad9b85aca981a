package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison on a small topic: that both sides take all of it and write the same rows. */
class IngestBenchIT {
  @TempDir private Path directory;

  @Test
  void bothSidesWriteTheSameRows() throws Exception {
    Path bench = directory.resolve("bench");
    IngestBench.Options options =
        new IngestBench.Options(20_000, 4, 1, "1536m", 10_000, 500_000, bench);
    List<String> lines = new ArrayList<>();

    IngestBenchReport report = new IngestBench(options, lines::add).run();

    IngestBenchReport.Pair pair = report.runs().get(0);
    assertThat(pair.content().rows()).isEqualTo(20_000);
    assertThat(pair.ours().records()).isEqualTo(20_000);
    assertThat(pair.stock().records()).isEqualTo(20_000);
    assertThat(pair.ours().firstBatchRecords()).isEqualTo(2_000);
    assertThat(pair.stock().firstBatchRecords()).isEqualTo(2_000);
    assertThat(pair.ours().steadyCpuMicros()).isPositive();
    assertThat(pair.stock().steadyCpuMicros()).isPositive();
    assertThat(lines).hasSize(3);
    assertThat(bench.resolve("stack")).doesNotExist();
  }
}
