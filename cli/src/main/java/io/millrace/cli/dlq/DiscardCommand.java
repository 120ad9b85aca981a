package io.millrace.cli.dlq;

import io.millrace.cli.ConfigOptions;
import io.millrace.cli.Errors;
import io.millrace.cli.Streams;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.ingest.redrive.Discard;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace dlq discard}. */
@Command(
    name = "discard",
    description = "Give open dead letters up. They stay in their table, and verify counts them.")
final class DiscardCommand implements Callable<Integer> {
  private static final int MOST_REASON_CHARS = 500;

  @Mixin private ConfigOptions config;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "The stream (default: the config's only one).")
  private String stream;

  @Mixin private FilterOptions filter;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why, for whoever asks later.")
  private String reason;

  @Option(names = "--dry-run", description = "Only say how many it would be.")
  private boolean dryRun;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Errors.requireOption(
        !reason.isBlank() && reason.length() <= MOST_REASON_CHARS,
        "--reason",
        reason.isBlank() ? "empty" : reason.length() + " characters",
        "1 to " + MOST_REASON_CHARS + " characters");
    MillraceConfig loaded = config.load().config();
    StreamConfig one = Streams.one(loaded, stream);
    long discarded =
        Discard.run(loaded, one, filter.filter(), reason.strip(), dryRun, InstantSource.system());
    spec.commandLine()
        .getOut()
        .printf(
            "stream %s: %,d dead letters %s%n",
            one.name(), discarded, dryRun ? "would be discarded" : "discarded");
    spec.commandLine().getOut().flush();
    return ExitCode.OK.code();
  }
}
