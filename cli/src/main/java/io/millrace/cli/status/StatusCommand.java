package io.millrace.cli.status;

import io.millrace.cli.ConfigOptions;
import io.millrace.cli.StackConfigFile;
import io.millrace.cli.StackOptions;
import io.millrace.cli.Streams;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.embedded.StackState;
import io.millrace.embedded.StackStatus;
import io.millrace.embedded.Supervisor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace status}: exits with 0 where all runs, with 1 where something does not. */
@Command(
    name = "status",
    description = {
      "Say what `up` keeps running; with -c, how the streams of a config are doing:",
      "position, lag, last commit, what they wait for and why one has stopped."
    })
public final class StatusCommand implements Callable<Integer> {
  @Mixin private StackOptions stack;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The streams of this config.")
  private Path config;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "With -c, this stream only (default: all).")
  private String stream;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    boolean well = config == null ? stack(out) : streams(out);
    out.flush();
    return (well ? ExitCode.OK : ExitCode.ANSWER_IS_NO).code();
  }

  private boolean streams(PrintWriter out) {
    MillraceConfig loaded = new ConfigOptions().loadFrom(config).config();
    boolean well = true;
    for (StreamConfig one : Streams.named(loaded, stream)) {
      StreamStatus status = StreamStatus.of(loaded, one);
      out.print(status.toText());
      well &= status.isWell();
    }
    return well;
  }

  private boolean stack(PrintWriter out) {
    StackStatus status = Supervisor.status(stack.directory());
    if (status.running().isEmpty()) {
      out.println("nothing runs over " + stack.directory());
      return false;
    }
    StackState state = status.running().get();
    out.printf(
        "broker    %s (process %d) %s%n",
        state.bootstrapServers(), state.brokerPid(), answers(status.brokerAnswers()));
    out.printf("registry  %s %s%n", state.registryUrl(), answers(status.registryAnswers()));
    status.topics().ifPresent(topics -> out.printf("topics    %d%n", topics));
    out.printf("config    %s%n", StackConfigFile.in(stack.directory()));
    return status.brokerAnswers() && status.registryAnswers();
  }

  private static String answers(boolean yes) {
    return yes ? "answers" : "DOES NOT ANSWER";
  }
}
