package io.millrace.cli.schema;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.RegistrySubjects;
import io.millrace.core.registry.SchemaText;
import io.millrace.core.registry.StoredSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Subjects as lines of text. */
final class SubjectList {
  private SubjectList() {}

  /**
   * A subject.
   *
   * @param level such as BACKWARD
   * @param versions oldest first, at least one
   */
  record Subject(String name, String level, List<StoredSchema> versions) {}

  /**
   * Those of the subjects that exist.
   *
   * @param required throws {@code USAGE} where one does not
   */
  static List<Subject> read(RegistrySubjects registry, Collection<String> names, boolean required) {
    List<Subject> subjects = new ArrayList<>();
    for (String name : names) {
      List<Integer> versions = registry.versions(name);
      if (!versions.isEmpty()) {
        subjects.add(
            new Subject(
                name,
                registry.level(name),
                versions.stream().map(version -> registry.version(name, version)).toList()));
      } else if (required) {
        throw new MillraceException(
            ExitCode.USAGE,
            "Subject " + name + " is not in the schema registry",
            "it has no version",
            "`millrace schema list` shows the subjects that there are");
      }
    }
    return subjects;
  }

  /** A subject a line. */
  static String table(List<Subject> subjects) {
    int name = width("SUBJECT", subjects.stream().map(Subject::name).toList());
    int level = width("LEVEL", subjects.stream().map(Subject::level).toList());
    String line = "%-" + name + "s  %-" + level + "s  %s%n";
    StringBuilder text = new StringBuilder(line.formatted("SUBJECT", "LEVEL", "VERSION (ID)"));
    for (Subject subject : subjects) {
      text.append(
          line.formatted(
              subject.name(),
              subject.level(),
              subject.versions().stream()
                  .map(v -> "%d (%d)%s".formatted(v.version(), v.id(), otherType(v)))
                  .collect(Collectors.joining(", "))));
    }
    return text.toString();
  }

  /** A version a line. */
  static String detailed(Subject subject) {
    StringBuilder text =
        new StringBuilder("%s, level %s%n".formatted(subject.name(), subject.level()));
    for (StoredSchema version : subject.versions()) {
      text.append(
          "  version %d  id %d%s%s%n"
              .formatted(
                  version.version(),
                  version.id(),
                  otherType(version),
                  version.schema().references().stream()
                      .map(SubjectList::reference)
                      .collect(Collectors.joining())));
    }
    return text.toString();
  }

  private static String reference(SchemaText.Reference reference) {
    return "  uses %s of %s version %d"
        .formatted(reference.name(), reference.subject(), reference.version());
  }

  private static String otherType(StoredSchema version) {
    return version.type().equals("AVRO") ? "" : " " + version.type();
  }

  private static int width(String head, List<String> values) {
    return Math.max(head.length(), values.stream().mapToInt(String::length).max().orElse(0));
  }
}
