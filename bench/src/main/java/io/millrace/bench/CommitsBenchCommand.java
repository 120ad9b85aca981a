package io.millrace.bench;

import io.millrace.core.error.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace bench commits}. */
@Command(
    name = "commits",
    description = "Thousands of small batches into one table: does commit time grow?")
final class CommitsBenchCommand implements Callable<Integer> {
  @Option(names = "--batches", paramLabel = "N", description = "How many (default: 3000).")
  private int batches = 3_000;

  @Option(
      names = "--records-per-batch",
      paramLabel = "N",
      description = "User events in each (default: 100).")
  private int recordsPerBatch = 100;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      description = "Partitions of the topic (default: 10).")
  private int partitions = 10;

  @Mixin private RunOptions run;

  @Override
  public Integer call() {
    CommitsBench.Options options =
        new CommitsBench.Options(batches, recordsPerBatch, partitions, run.directory());
    CommitsBenchReport result = new CommitsBench(options, run::tell).run();
    run.write(result);
    PrintWriter out = run.out();
    print(out, result.early());
    print(out, result.late());
    out.printf("growth: p50 x%.2f, p99 x%.2f%n", result.growth().p50(), result.growth().p99());
    out.printf(
        "log at the end: newest checkpoint %d, oldest commit %d%n",
        result.newestCheckpoint(), result.oldestCommit());
    if (result.deltaRs() == null) {
      out.println("opening with delta-rs: not measured, see the log");
    } else {
      out.printf(
          "opening with delta-rs: %.1f ms early, %.1f ms late, x%.2f%n",
          result.deltaRs().earlyMillis(), result.deltaRs().lateMillis(), result.deltaRs().growth());
    }
    out.flush();
    return ExitCode.OK.code();
  }

  private static void print(PrintWriter out, CommitsBenchReport.Window window) {
    out.printf(
        "trigger to commit of batches %,d-%,d: p50 %d ms, p99 %d ms%n",
        window.first(), window.last(), window.p50Millis(), window.p99Millis());
  }
}
