package io.millrace.cli.dlq;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace dlq}. */
@Command(
    name = "dlq",
    description =
        "Dead letters: list them, show one, make rows of those that fit by now, give up others.",
    subcommands = {
      ListCommand.class,
      ShowCommand.class,
      RedriveCommand.class,
      DiscardCommand.class,
    })
public final class DlqCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Missing subcommand: list, show, redrive or discard");
  }
}
