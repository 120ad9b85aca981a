package io.millrace.cli;

import io.millrace.cli.demo.DemoCommand;
import io.millrace.cli.dlq.DlqCommand;
import io.millrace.cli.drill.DrillCommand;
import io.millrace.cli.ledger.AsOfCommand;
import io.millrace.cli.ledger.LedgerCommand;
import io.millrace.cli.schema.SchemaCommand;
import io.millrace.cli.status.StatusCommand;
import io.millrace.core.error.ExitCode;
import java.io.PrintWriter;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root of all verbs. */
@Command(
    name = "millrace",
    description = "Kafka to Delta Lake, every record proven to be in the table exactly once.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      ProduceCommand.class,
      IngestCommand.class,
      VerifyCommand.class,
      LedgerCommand.class,
      AsOfCommand.class,
      SchemaCommand.class,
      DrillCommand.class,
      DlqCommand.class,
      ConfigCommand.class,
    })
final class MillraceCommand implements Runnable {
  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log in detail; show the stack trace of an error.")
  boolean verbose;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** All verbs, those of other modules included. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    MillraceCommand root = new MillraceCommand();
    CommandLine line = new CommandLine(root);
    ServiceLoader.load(Subcommand.class).forEach(line::addSubcommand);
    ErrorPrinter errors = new ErrorPrinter(() -> root.verbose);
    return line.setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(errors)
        .setParameterExceptionHandler(errors)
        .setExitCodeExceptionMapper(e -> ExitCode.INTERNAL.code());
  }
}
