package io.millrace.bench;

import io.millrace.cli.Converters;
import io.millrace.core.error.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace bench ingest}. */
@Command(
    name = "ingest",
    description = "The same topic through our ingest and through stock Spark, side by side.")
final class IngestBenchCommand implements Callable<Integer> {
  @Option(
      names = "--records",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "User events in the topic (default: 20000000).")
  private long records = 20_000_000;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      description = "Partitions of the topic (default: 100).")
  private int partitions = 100;

  @Option(
      names = "--runs",
      paramLabel = "R",
      description = "How often each side drains the topic (default: 3).")
  private int runs = 3;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "Largest heap of each side, as -Xmx takes it (default: 1536m).")
  private String heap = "1536m";

  @Mixin private BatchOptions batches;

  @Mixin private RunOptions run;

  @Override
  public Integer call() throws InterruptedException {
    IngestBench.Options options =
        new IngestBench.Options(
            records,
            partitions,
            runs,
            heap,
            batches.maxRecordsPerTrigger(),
            batches.firstBatchRecords(),
            run.directory());
    IngestBenchReport result = new IngestBench(options, run::tell).run();
    run.write(result);
    PrintWriter out = run.out();
    out.println("the tables of each pair hold the same rows");
    print(out, "CPU us a record", "%,.2f", result.ours(), result.stock(), true);
    print(out, "records/s", "%,.0f", result.ours(), result.stock(), false);
    print(out, "ratio.cpu ", result.ratio().cpu(), true);
    print(out, "ratio.rate", result.ratio().rate(), false);
    out.flush();
    return ExitCode.OK.code();
  }

  private static void print(
      PrintWriter out,
      String name,
      String format,
      IngestBenchReport.Summary ours,
      IngestBenchReport.Summary stock,
      boolean cpu) {
    var our = cpu ? ours.cpuMicrosPerRecord() : ours.recordsPerSecond();
    var theirs = cpu ? stock.cpuMicrosPerRecord() : stock.recordsPerSecond();
    String line = "%s, median: ours " + format + " steady, " + format + " whole;";
    line += " stock " + format + " steady, " + format + " whole%n";
    out.printf(
        line,
        name,
        our.steady().median(),
        our.whole().median(),
        theirs.steady().median(),
        theirs.whole().median());
  }

  private static void print(
      PrintWriter out, String name, IngestBenchReport.Phases ratio, boolean inverse) {
    out.printf(
        "%s: steady %s, whole %s%n",
        name, text(ratio.steady(), inverse), text(ratio.whole(), inverse));
  }

  /** CPU also as "1/3.5", the way it is usually said. */
  private static String text(Spread ratio, boolean inverse) {
    String median =
        inverse
            ? "%.3f = 1/%.2f".formatted(ratio.median(), 1 / ratio.median())
            : "%.2f".formatted(ratio.median());
    return "%s (%.3f..%.3f)".formatted(median, ratio.min(), ratio.max());
  }
}
