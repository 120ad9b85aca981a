package io.millrace.cli.schema;

import io.millrace.cli.ConfigOptions;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.registry.RegistrySubjects;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace schema diff}: exits as diff does, with 1 where the schemas differ. */
@Command(
    name = "diff",
    description = "Say field by field what differs between two schemas; exits with 1 if any does.")
final class DiffCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;
  @Mixin private TargetOptions target;
  @Mixin private ReferenceOptions references;

  @Parameters(
      arity = "0..2",
      paramLabel = "VERSION|FILE",
      description =
          "What to compare: numbers of versions, latest, or .avsc files. One alone: a file with"
              + " the latest version, or a version with the latest. None: the two latest versions.")
  private List<String> sides = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MillraceConfig loaded = config.load().config();
    RegistrySubjects registry = new RegistrySubjects(loaded.registry());
    DiffSides both = DiffSides.of(sides, target.target(loaded).subject(), registry, references);
    List<SchemaChange> changes = SchemaDiff.of(both.left().schema(), both.right().schema());
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s -> %s%n", both.left().name(), both.right().name());
    changes.forEach(change -> out.println("  " + change.text()));
    if (changes.isEmpty()) {
      out.println("  no difference");
    }
    out.flush();
    return (changes.isEmpty() ? ExitCode.OK : ExitCode.ANSWER_IS_NO).code();
  }
}
