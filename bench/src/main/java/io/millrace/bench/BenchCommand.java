package io.millrace.bench;

import io.millrace.cli.Subcommand;
import io.millrace.core.error.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace bench}: the verbs that measure. */
@Command(
    name = "bench",
    description =
        "Measure: ingest and source beside stock Spark, commit times, verify, schema changes, the columnar path alone, hostile payloads.",
    subcommands = {
      IngestBenchCommand.class,
      StockCommand.class,
      CommitsBenchCommand.class,
      VerifyBenchCommand.class,
      EvolutionBenchCommand.class,
      SourceBenchCommand.class,
      SourceSideCommand.class,
      ColumnsBenchCommand.class,
      HostileBenchCommand.class
    })
public final class BenchCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE.code();
  }
}
