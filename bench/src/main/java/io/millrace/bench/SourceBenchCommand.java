package io.millrace.bench;

import io.millrace.cli.Converters;
import io.millrace.core.error.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace bench source}. */
@Command(
    name = "source",
    description = "The same query through our Spark source and through stock Spark, side by side.")
final class SourceBenchCommand implements Callable<Integer> {
  @Option(
      names = "--records",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "User events in the topic (default: 5000000).")
  private long records = 5_000_000;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      description = "Partitions of the topic (default: 10).")
  private int partitions = 10;

  @Option(
      names = "--passes",
      paramLabel = "N",
      description = "How often each side reads the topic, after three to warm up (default: 7).")
  private int passes = 7;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "Largest heap of each side, as -Xmx takes it (default: 1536m).")
  private String heap = "1536m";

  @Mixin private RunOptions run;

  @Override
  public Integer call() throws InterruptedException {
    SourceBench.Options options =
        new SourceBench.Options(records, partitions, passes, heap, run.directory());
    SourceBenchReport result = new SourceBench(options, run::tell).run();
    run.write(result);
    PrintWriter out = run.out();
    out.println("both sides found the same");
    for (SourceBenchReport.Comparison comparison : result.comparisons()) {
      out.printf(
          "%d columns: CPU a record %.1f %% of stock's (%.2f us against %.2f us), records/s x%.2f%n",
          comparison.columns().size(),
          100 * comparison.cpuRatio(),
          comparison.ours().cpuMicros().median(),
          comparison.stock().cpuMicros().median(),
          comparison.rateRatio());
    }
    out.flush();
    return ExitCode.OK.code();
  }
}
