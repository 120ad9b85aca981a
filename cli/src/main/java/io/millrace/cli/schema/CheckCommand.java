package io.millrace.cli.schema;

import io.millrace.cli.ConfigOptions;
import io.millrace.cli.Converters;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.json.JsonFile;
import io.millrace.core.registry.RegistrySubjects;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace schema check}: exits with 0 where the schema is safe, with 1 where not. */
@Command(
    name = "check",
    description =
        "Say what a new schema would change: compatibility, the table, the last records of the"
            + " topic. Exits with 1 if it is not safe. Changes nothing.")
final class CheckCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;
  @Mixin private TargetOptions target;
  @Mixin private ReferenceOptions references;

  @Parameters(paramLabel = "FILE", description = "The new .avsc file, or a bundled schema's name.")
  private String file;

  @Option(
      names = "--last",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "Sample the last N records of the topic; 0 for none (default: 1000).")
  private long last = 1_000;

  @Option(
      names = "--latest-only",
      description = "Versions before the latest are shown and don't decide.")
  private boolean latestOnly;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the report as JSON.")
  private Path report;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (report != null) {
      JsonFile.report(report).requireWritable();
    }
    MillraceConfig loaded = config.load().config();
    RegistrySubjects registry = new RegistrySubjects(loaded.registry());
    CheckReport result =
        new SchemaCheck(loaded, target.target(loaded), registry)
            .check(file, references.read(file, registry), latestOnly, last);
    spec.commandLine().getOut().print(CheckText.of(result));
    spec.commandLine().getOut().flush();
    if (report != null) {
      JsonFile.report(report).write(result);
    }
    return (result.isSafe() ? ExitCode.OK : ExitCode.ANSWER_IS_NO).code();
  }
}
