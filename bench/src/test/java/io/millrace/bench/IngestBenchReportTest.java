package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.error.MillraceException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class IngestBenchReportTest {
  private static final TableContent CONTENT = new TableContent(1_000_000, 1, "1");

  /** 1,000,000 records, 100,000 of them in the first batch, which ends after 2 s CPU and 1 s. */
  private static RunFigures run(double cpuSeconds, double seconds) {
    return new RunFigures(
        1_000_000,
        100_000,
        2_000_000_000L,
        (long) (cpuSeconds * 1e9),
        10_000,
        11_000,
        10_000 + (long) (seconds * 1e3));
  }

  @Test
  void steadyLeavesTheFirstBatchOut() {
    RunFigures run = run(3.8, 3);

    assertThat(run.steadyCpuMicros()).isCloseTo(1.8e6 / 900_000, within(1e-9));
    assertThat(run.wholeCpuMicros()).isCloseTo(3.8, within(1e-9));
    assertThat(run.steadyRate()).isCloseTo(450_000, within(1e-6));
    assertThat(run.wholeRate()).isCloseTo(1_000_000 / 3.0, within(1e-6));
  }

  @Test
  void ratiosAreOursByStocksPairByPair() {
    IngestBench.Options options =
        new IngestBench.Options(1_000_000, 10, 3, "1g", 500_000, 100_000, Path.of("unused"));

    IngestBenchReport report =
        IngestBenchReport.of(
            options,
            List.of(
                new IngestBenchReport.Pair(run(3, 2), run(6, 4), CONTENT),
                new IngestBenchReport.Pair(run(3, 2), run(8, 5), CONTENT),
                new IngestBenchReport.Pair(run(4, 3), run(6, 4), CONTENT)));

    assertThat(report.ratio().cpu().steady().median()).isCloseTo(0.25, within(1e-9));
    assertThat(report.ratio().cpu().steady().min()).isCloseTo(1 / 6.0, within(1e-9));
    assertThat(report.ratio().cpu().steady().max()).isCloseTo(0.5, within(1e-9));
    assertThat(report.ratio().cpu().whole().median()).isCloseTo(0.5, within(1e-9));
    assertThat(report.ratio().rate().steady().median()).isCloseTo(3, within(1e-9));
    assertThat(report.stock().cpuMicrosPerRecord().whole().max()).isCloseTo(8, within(1e-9));
  }

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertThat(Spread.of(DoubleStream.of(4, 1, 2, 10))).isEqualTo(new Spread(3, 1, 10));
  }

  @Test
  void theFirstBatchIsAtMostATenth() {
    IngestBench.Options options =
        new IngestBench.Options(1_000_000, 10, 3, "1g", 500_000, 500_000, Path.of("unused"));

    assertThat(options.firstBatchRecords()).isEqualTo(100_000);
  }

  @Test
  void nothingToMeasureIsRefusedWithTheValues() {
    assertThatThrownBy(
            () -> new IngestBench.Options(9, 10, 3, "1g", 500_000, 500_000, Path.of("unused")))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("records is 9");
  }
}
