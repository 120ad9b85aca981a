package io.millrace.cli.schema;

import io.millrace.cli.ConfigOptions;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.registry.RegistrySubjects;
import io.millrace.core.registry.StoredSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace schema register}: exits with 1 where the schema is incompatible. */
@Command(
    name = "register",
    description = "Register a schema; the same schema again has the same id.")
final class RegisterCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;
  @Mixin private TargetOptions target;
  @Mixin private ReferenceOptions references;

  @Parameters(paramLabel = "FILE", description = "An .avsc file, or a bundled schema's name.")
  private String file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MillraceConfig loaded = config.load().config();
    RegistrySubjects registry = new RegistrySubjects(loaded.registry());
    String subject = target.target(loaded).subject();
    StoredSchema stored = registry.register(subject, references.read(file, registry).text());
    spec.commandLine()
        .getOut()
        .printf("%s version %d id %d%n", subject, stored.version(), stored.id());
    spec.commandLine().getOut().flush();
    return ExitCode.OK.code();
  }
}
