package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.driver.CommittedBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommitsBenchReportTest {
  private static final CommitsBench.Options OPTIONS =
      new CommitsBench.Options(1_000, 10, 1, Path.of("unused"));

  /** Batch n takes n ms from trigger to commit. */
  private static List<CommittedBatch> batches(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            n ->
                new CommittedBatch(
                    "s", n, n, 10, 0, 0, 0, 100, 1, 100, 0, 1_000, 1_000, 1_000 + n, 0))
        .toList();
  }

  @Test
  void comparesTheThirdHundredWithTheLast() {
    CommitsBenchReport report = CommitsBenchReport.of(OPTIONS, batches(1_000), 990, 700, null);

    assertThat(report.early()).isEqualTo(new CommitsBenchReport.Window(201, 300, 250, 299));
    assertThat(report.late()).isEqualTo(new CommitsBenchReport.Window(901, 1_000, 950, 999));
    assertThat(report.growth().p50()).isEqualTo(3.8);
    assertThat(report.growth().p99()).isEqualTo(999 / 299.0);
  }
}
