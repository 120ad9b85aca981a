package io.millrace.bench;

import io.millrace.core.error.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace bench verify}. */
@Command(
    name = "verify",
    description = "Every row's partition and offset: how fast, and is planted damage found?")
final class VerifyBenchCommand implements Callable<Integer> {
  @Option(
      names = "--records",
      paramLabel = "N",
      description = "User events in topic and table (default: 100000000).")
  private long records = 100_000_000;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      description = "Partitions of the topic (default: 100).")
  private int partitions = 100;

  @Mixin private RunOptions run;

  @Override
  public Integer call() throws InterruptedException {
    boolean keep = run.isDirectoryGiven();
    VerifyBench.Options options = new VerifyBench.Options(records, partitions, run.directory());
    VerifyBenchReport result = new VerifyBench(options, keep, run::tell).run();
    run.write(result);
    PrintWriter out = run.out();
    out.printf(
        "verify: %.1f s for %,d rows and as many records; CPU %.1f s, the broker's %.1f s%n",
        result.millis() / 1e3,
        result.rows(),
        result.cpuMillis() / 1e3,
        result.brokerCpuMillis() / 1e3);
    out.println("it named the missing row and the doubled one, and nothing else:");
    result.findings().forEach(finding -> out.println("  " + finding));
    out.flush();
    return ExitCode.OK.code();
  }
}
