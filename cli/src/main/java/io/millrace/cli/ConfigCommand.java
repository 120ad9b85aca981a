package io.millrace.cli;

import io.millrace.core.error.ExitCode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace config}: about the config file itself. */
@Command(
    name = "config",
    description = "Check a config file.",
    subcommands = ConfigCommand.Check.class)
final class ConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand: check");
  }

  /** {@code millrace config check FILE}. */
  @Command(
      name = "check",
      description = "Print the effective config, defaults filled in and secrets hidden.")
  static final class Check implements Callable<Integer> {
    @Parameters(
        arity = "0..1",
        paramLabel = "FILE",
        description = "Config file (default: that of -c).")
    private Path file;

    @Mixin private ConfigOptions config;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      var loaded = file == null ? config.load() : config.loadFrom(file);
      spec.commandLine().getOut().print(loaded.effectiveYaml());
      spec.commandLine().getOut().flush();
      return ExitCode.OK.code();
    }
  }
}
