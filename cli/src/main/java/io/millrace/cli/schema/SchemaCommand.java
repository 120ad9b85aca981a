package io.millrace.cli.schema;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace schema}. */
@Command(
    name = "schema",
    description = "List, register and compare the schemas of a topic; check a new one.",
    subcommands = {
      ListCommand.class,
      RegisterCommand.class,
      DiffCommand.class,
      CheckCommand.class,
    })
public final class SchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Missing subcommand: list, register, diff or check");
  }
}
