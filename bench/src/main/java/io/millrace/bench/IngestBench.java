package io.millrace.bench;

import io.millrace.cli.ChildCommand;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.json.JsonFile;
import io.millrace.ingest.IngestResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Fills one topic, then drains it again and again, alternately with our ingest and with stock
 * Spark, each time in a fresh process into a fresh table, and compares the two tables of each pair.
 * While a side is measured, only it and the broker work.
 */
final class IngestBench {
  private final Options options;
  private final Path directory;
  private final Consumer<String> out;

  /**
   * @param heap largest heap of each ingest process, as {@code -Xmx} takes it
   * @param firstBatchRecords at most a tenth of the records
   */
  record Options(
      long records,
      int partitions,
      int runs,
      String heap,
      long maxRecordsPerTrigger,
      long firstBatchRecords,
      Path directory) {
    /** Steady is what comes after the first batch, so that must be a small part. */
    static final int SMALLEST_PART = 10;

    Options {
      if (records < SMALLEST_PART || partitions < 1 || runs < 1 || maxRecordsPerTrigger < 1) {
        throw new MillraceException(
            ExitCode.USAGE,
            "The bench can't be run",
            "records is %d, partitions %d, runs %d, records a trigger %d"
                .formatted(records, partitions, runs, maxRecordsPerTrigger),
            "At least 10 records and 1 of each other are needed");
      }
      firstBatchRecords = Math.min(firstBatchRecords, records / SMALLEST_PART);
    }
  }

  /**
   * @param out hears a line for each step
   */
  IngestBench(Options options, Consumer<String> out) {
    this.options = options;
    this.directory = BenchDirectory.createEmpty(options.directory());
    this.out = out;
  }

  IngestBenchReport run() throws InterruptedException {
    try (BenchTopic topic = new BenchTopic(directory)) {
      topic.fill(options.records(), options.partitions());
      out.accept(
          "%,d user events are in a topic with %,d partitions"
              .formatted(options.records(), options.partitions()));
      List<IngestBenchReport.Pair> pairs = new ArrayList<>();
      for (int run = 1; run <= options.runs(); run++) {
        pairs.add(pair(topic, run));
      }
      return IngestBenchReport.of(options, pairs);
    } finally {
      BenchDirectory.delete(directory.resolve("stack"));
    }
  }

  /** Who goes first takes turns, so that a drift of the machine favours neither. */
  private IngestBenchReport.Pair pair(BenchTopic topic, int run) throws InterruptedException {
    Path ourTable = directory.resolve("ours-" + run);
    Path stockTable = directory.resolve("stock-" + run);
    RunFigures ours = null;
    RunFigures stock = null;
    if (run % 2 == 1) {
      ours = ours(topic, run, ourTable);
      stock = stock(topic, run, stockTable);
    } else {
      stock = stock(topic, run, stockTable);
      ours = ours(topic, run, ourTable);
    }
    TableContent content = sameContent(TableContent.of("" + ourTable), "" + stockTable);
    BenchDirectory.delete(ourTable);
    BenchDirectory.delete(stockTable);
    return new IngestBenchReport.Pair(ours, stock, content);
  }

  private RunFigures ours(BenchTopic topic, int run, Path table) throws InterruptedException {
    Path config =
        topic.writeConfig(
            "ours-" + run, table, Map.of("maxRecordsPerTrigger", options.maxRecordsPerTrigger()));
    Path report = directory.resolve("ours-" + run + ".json");
    runChild(
        "ours-" + run,
        List.of(
            "ingest",
            "--once",
            "--config",
            config.toString(),
            "--first-batch-records",
            "" + options.firstBatchRecords(),
            "--report",
            report.toString()));
    IngestResult result = JsonFile.report(report).read(IngestResult.class);
    IngestResult.Stream stream = result.streams().get(0);
    RunFigures figures =
        new RunFigures(
            stream.records(),
            stream.firstBatchRecords(),
            result.cpuNanosAtFirstCommit(),
            result.cpuNanosAtEnd(),
            result.processStartMillis(),
            stream.firstCommitMillis(),
            stream.lastCommitMillis());
    out.accept(line("ours", run, figures));
    return figures;
  }

  private RunFigures stock(BenchTopic topic, int run, Path table) throws InterruptedException {
    Path report = directory.resolve("stock-" + run + ".json");
    Path checkpoint = directory.resolve("stock-" + run + ".checkpoint");
    runChild(
        "stock-" + run,
        List.of(
            "bench",
            "stock",
            "--bootstrap-servers",
            topic.bootstrapServers(),
            "--topic",
            BenchTopic.TOPIC,
            "--schema",
            topic.writeSchema().toString(),
            "--table",
            table.toString(),
            "--checkpoint",
            checkpoint.toString(),
            "--max-records-per-trigger",
            "" + options.maxRecordsPerTrigger(),
            "--first-batch-records",
            "" + options.firstBatchRecords(),
            "--report",
            report.toString()));
    BenchDirectory.delete(checkpoint);
    RunFigures figures = JsonFile.report(report).read(RunFigures.class);
    out.accept(line("stock", run, figures));
    return figures;
  }

  /** Both sides get the same JVM with the same heap. */
  private void runChild(String name, List<String> arguments) throws InterruptedException {
    Path log = directory.resolve(name + ".log");
    try (ChildCommand child = ChildCommand.start("run " + name, options.heap(), log, arguments)) {
      child.await();
      child.requireSuccess();
    }
  }

  private TableContent sameContent(TableContent ours, String stockTable) {
    TableContent stock = TableContent.of(stockTable);
    if (!ours.equals(stock) || ours.rows() != options.records()) {
      throw new MillraceException(
          ExitCode.ANSWER_IS_NO,
          "The tables differ",
          "ours has %s, stock's has %s, the topic %,d records"
              .formatted(ours, stock, options.records()),
          "The tables are still in " + directory);
    }
    return ours;
  }

  private static String line(String side, int run, RunFigures figures) {
    return "%-5s run %d: %,.2f us CPU a record and %,.0f records/s steady, %,.2f and %,.0f whole"
        .formatted(
            side,
            run,
            figures.steadyCpuMicros(),
            figures.steadyRate(),
            figures.wholeCpuMicros(),
            figures.wholeRate());
  }
}
