package io.millrace.bench;

import io.millrace.core.error.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace bench evolution}. */
@Command(
    name = "evolution",
    description = "A steady stream through five schema changes and broken records: does it stall?")
final class EvolutionBenchCommand implements Callable<Integer> {
  @Option(names = "--rate", paramLabel = "R", description = "Records a second (default: 100000).")
  private int rate = 100_000;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "How long each of the six schemas is written (default: 15).")
  private int seconds = 15;

  @Option(
      names = "--broken",
      paramLabel = "PERCENT",
      description = "Broken records for a hundred good ones (default: 1).")
  private double brokenPercent = 1;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      description = "Partitions of the topic (default: 10).")
  private int partitions = 10;

  @Mixin private RunOptions run;

  @Override
  public Integer call() {
    EvolutionBench.Options options =
        new EvolutionBench.Options(rate, seconds, brokenPercent, partitions, run.directory());
    EvolutionBenchReport result = new EvolutionBench(options, run::tell).run();
    run.write(result);
    PrintWriter out = run.out();
    out.printf(
        "%,d commits with %,d rows and %,d dead letters; %d schema changes of the table%n",
        result.commits(), result.rows(), result.deadLetters(), result.tableSchemaChanges());
    out.printf(
        "gap between commits: p50 %,d ms, p99 %,d ms, longest %,d ms; with a schema change between %,d ms%n",
        result.gaps().p50Millis(),
        result.gaps().p99Millis(),
        result.gaps().longestMillis(),
        result.gaps().longestWithSchemaChangeMillis());
    out.printf("verify: %s%n", result.verified() ? "proven" : "NOT proven, see verify.log");
    out.flush();
    return (result.verified() ? ExitCode.OK : ExitCode.ANSWER_IS_NO).code();
  }
}
