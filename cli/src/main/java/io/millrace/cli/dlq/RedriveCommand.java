package io.millrace.cli.dlq;

import io.millrace.cli.ConfigOptions;
import io.millrace.cli.Streams;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.ingest.redrive.Redrive;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace dlq redrive}. */
@Command(
    name = "redrive",
    description =
        "Decode open dead letters again and move those that fit by now into the table, exactly"
            + " once. Ingest may run meanwhile.")
final class RedriveCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "The stream (default: the config's only one).")
  private String stream;

  @Mixin private FilterOptions filter;

  @Option(names = "--discarded", description = "Those that were discarded, too.")
  private boolean discarded;

  @Option(
      names = "--dry-run",
      description = "Only decode, and say how many would be rows and why the others would not.")
  private boolean dryRun;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MillraceConfig loaded = config.load().config();
    StreamConfig one = Streams.one(loaded, stream);
    Redrive.Result result =
        Redrive.run(
            loaded,
            one,
            filter.filter(),
            new Redrive.Options(discarded, dryRun),
            InstantSource.system());
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        dryRun
            ? "stream %s: %,d dead letters would be rows, %,d would stay%n"
            : "stream %s: %,d dead letters are rows now, %,d stay%n",
        one.name(),
        result.redriven(),
        result.stayed().values().stream().mapToLong(Long::longValue).sum());
    result.stayed().forEach((error, count) -> out.printf("  %,d %s%n", count, error));
    out.flush();
    return ExitCode.OK.code();
  }
}
