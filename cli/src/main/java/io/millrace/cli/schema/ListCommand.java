package io.millrace.cli.schema;

import io.millrace.cli.ConfigOptions;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.RegistrySubjects;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace schema list}. */
@Command(
    name = "list",
    description = "List subjects with their versions, ids and compatibility levels.")
final class ListCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "The subjects of this topic's keys and values only.")
  private String topic;

  @Option(
      names = "--subject",
      paramLabel = "NAME",
      description = "This subject only, a version a line.")
  private String subject;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MillraceConfig loaded = config.load().config();
    RegistrySubjects registry = new RegistrySubjects(loaded.registry());
    PrintWriter out = spec.commandLine().getOut();
    if (subject != null) {
      out.print(SubjectList.detailed(SubjectList.read(registry, List.of(subject), true).get(0)));
    } else if (topic != null) {
      Set<String> names = new LinkedHashSet<>();
      names.add(Target.of(loaded, topic, null, true).subject());
      names.add(Target.of(loaded, topic, null, false).subject());
      List<SubjectList.Subject> found = SubjectList.read(registry, names, false);
      if (found.isEmpty()) {
        throw new MillraceException(
            ExitCode.USAGE,
            "Topic " + topic + " has no schema",
            "the registry has none of the subjects " + String.join(", ", names),
            "Register one with `millrace schema register`, or give --subject");
      }
      found.forEach(s -> out.print(SubjectList.detailed(s)));
    } else {
      out.print(SubjectList.table(SubjectList.read(registry, registry.names(), false)));
    }
    out.flush();
    return ExitCode.OK.code();
  }
}
