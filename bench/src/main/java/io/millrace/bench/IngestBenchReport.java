package io.millrace.bench;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What {@code bench ingest --report} writes; docs/bench.md describes it.
 *
 * @param format version of this layout, 1
 * @param processors that the JVM sees
 * @param heap largest heap of each ingest process
 * @param runs in the order they were done
 */
record IngestBenchReport(
    int format,
    long records,
    int partitions,
    int processors,
    String heap,
    long maxRecordsPerTrigger,
    long firstBatchRecords,
    Summary ours,
    Summary stock,
    Ratio ratio,
    List<Pair> runs) {
  static final int FORMAT = 1;

  /** One run of each, on tables of the same content. */
  record Pair(RunFigures ours, RunFigures stock, TableContent content) {}

  /** A figure after the first batch, and from the start of the process. */
  record Phases(Spread steady, Spread whole) {}

  /** CPU microseconds a record, and records a second. */
  record Summary(Phases cpuMicrosPerRecord, Phases recordsPerSecond) {}

  /** Ours by stock's, of each pair: CPU below 1 and rate above 1 are in our favour. */
  record Ratio(Phases cpu, Phases rate) {}

  static IngestBenchReport of(IngestBench.Options options, List<Pair> pairs) {
    return new IngestBenchReport(
        FORMAT,
        options.records(),
        options.partitions(),
        Runtime.getRuntime().availableProcessors(),
        options.heap(),
        options.maxRecordsPerTrigger(),
        options.firstBatchRecords(),
        summary(pairs, Pair::ours),
        summary(pairs, Pair::stock),
        new Ratio(
            new Phases(
                ratio(pairs, RunFigures::steadyCpuMicros),
                ratio(pairs, RunFigures::wholeCpuMicros)),
            new Phases(ratio(pairs, RunFigures::steadyRate), ratio(pairs, RunFigures::wholeRate))),
        List.copyOf(pairs));
  }

  private static Summary summary(List<Pair> pairs, Function<Pair, RunFigures> side) {
    List<RunFigures> figures = pairs.stream().map(side).toList();
    return new Summary(
        new Phases(
            spread(figures, RunFigures::steadyCpuMicros),
            spread(figures, RunFigures::wholeCpuMicros)),
        new Phases(
            spread(figures, RunFigures::steadyRate), spread(figures, RunFigures::wholeRate)));
  }

  private static Spread spread(List<RunFigures> figures, ToDoubleFunction<RunFigures> figure) {
    return Spread.of(figures.stream().mapToDouble(figure));
  }

  private static Spread ratio(List<Pair> pairs, ToDoubleFunction<RunFigures> figure) {
    return Spread.of(
        pairs.stream()
            .mapToDouble(p -> figure.applyAsDouble(p.ours()) / figure.applyAsDouble(p.stock())));
  }
}
