package io.millrace.cli;

import io.millrace.core.error.ExitCode;
import io.millrace.embedded.StackState;
import io.millrace.embedded.StackStatus;
import io.millrace.embedded.Supervisor;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace status}: exits with 0 where all runs, with 1 where something does not. */
@Command(name = "status", description = "Say what `up` keeps running.")
final class StatusCommand implements Callable<Integer> {
  @Mixin private StackOptions stack;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    StackStatus status = Supervisor.status(stack.directory());
    PrintWriter out = spec.commandLine().getOut();
    if (status.running().isEmpty()) {
      out.println("nothing runs over " + stack.directory());
      out.flush();
      return ExitCode.ANSWER_IS_NO.code();
    }
    StackState state = status.running().get();
    out.printf(
        "broker    %s (process %d) %s%n",
        state.bootstrapServers(), state.brokerPid(), answers(status.brokerAnswers()));
    out.printf("registry  %s %s%n", state.registryUrl(), answers(status.registryAnswers()));
    status.topics().ifPresent(topics -> out.printf("topics    %d%n", topics));
    out.printf("config    %s%n", StackConfigFile.in(stack.directory()));
    out.flush();
    return status.brokerAnswers() && status.registryAnswers()
        ? ExitCode.OK.code()
        : ExitCode.ANSWER_IS_NO.code();
  }

  private static String answers(boolean yes) {
    return yes ? "answers" : "DOES NOT ANSWER";
  }
}
