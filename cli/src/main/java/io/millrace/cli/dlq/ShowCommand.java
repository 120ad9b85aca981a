package io.millrace.cli.dlq;

import io.millrace.cli.ConfigOptions;
import io.millrace.cli.Streams;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.redrive.SecondLook;
import io.millrace.lake.deadletter.DeadLetterView;
import io.millrace.lake.deadletter.StoredDeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace dlq show}. */
@Command(
    name = "show",
    description =
        "Show one dead letter: its bytes, where decoding fails, and what was expected there.")
final class ShowCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "The stream (default: the config's only one).")
  private String stream;

  @Option(
      names = "--partition",
      paramLabel = "P",
      required = true,
      description = "Its Kafka partition.")
  private int partition;

  @Option(names = "--offset", paramLabel = "O", required = true, description = "Its offset.")
  private long offset;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MillraceConfig loaded = config.load().config();
    StreamConfig one = Streams.one(loaded, stream);
    List<StoredDeadLetter> found = new ArrayList<>();
    DeadLetterView view = DeadLetterView.open(one, loaded.hadoop());
    view.letters(e -> e.partition() == partition && e.offset() == offset, found::add);
    if (found.isEmpty()) {
      throw new MillraceException(
          ExitCode.USAGE,
          "Partition %d, offset %d of stream %s can't be shown"
              .formatted(partition, offset, one.name()),
          "it is no dead letter",
          "`millrace dlq list` shows those that there are");
    }
    StoredDeadLetter letter = found.get(0);
    spec.commandLine()
        .getOut()
        .print(
            ShowText.of(
                letter,
                DeadLetterList.state(view.resolutions(), letter.entry()),
                SecondLook.at(letter, loaded, one)));
    spec.commandLine().getOut().flush();
    return ExitCode.OK.code();
  }
}
