package io.millrace.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What {@code bench source --report} writes; docs/bench.md describes it.
 *
 * @param format version of this layout, 1
 * @param comparisons one a choice of columns
 */
record SourceBenchReport(
    int format, long records, int partitions, int passes, List<Comparison> comparisons) {
  static final int FORMAT = 1;

  /**
   * @param hash that both sides found
   * @param cpuRatio ours / stock of the medians
   * @param rateRatio ours / stock of the medians
   */
  record Comparison(
      List<String> columns, long hash, Side ours, Side stock, double cpuRatio, double rateRatio) {
    static Comparison of(List<String> columns, SourceSide.Result ours, SourceSide.Result stock) {
      Side our = Side.of(ours);
      Side their = Side.of(stock);
      return new Comparison(
          columns,
          ours.passes().get(0).hash(),
          our,
          their,
          our.cpuMicros().median() / their.cpuMicros().median(),
          our.recordsPerSecond().median() / their.recordsPerSecond().median());
    }
  }

  /** Over the passes. */
  record Side(Spread cpuMicros, Spread recordsPerSecond) {
    static Side of(SourceSide.Result result) {
      return new Side(
          spread(result, SourceSide.Pass::cpuMicros), spread(result, SourceSide.Pass::rate));
    }

    private static Spread spread(
        SourceSide.Result result, ToDoubleFunction<SourceSide.Pass> figure) {
      return Spread.of(result.passes().stream().mapToDouble(figure));
    }
  }
}
