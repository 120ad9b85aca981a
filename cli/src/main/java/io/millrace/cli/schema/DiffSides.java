package io.millrace.cli.schema;

import io.millrace.cli.Errors;
import io.millrace.core.registry.RegistrySubjects;
import io.millrace.core.registry.StoredSchema;
import java.util.List;
import org.apache.avro.Schema;

/** The two schemas that a diff compares, the older one left. */
record DiffSides(Side left, Side right) {
  private static final String LATEST = "latest";

  /**
   * A schema.
   *
   * @param name for people
   */
  record Side(String name, Schema schema) {}

  /**
   * @param given none to two of: a version's number, {@code latest}, a file
   */
  static DiffSides of(
      List<String> given, String subject, RegistrySubjects registry, ReferenceOptions references) {
    List<String> sides = sides(given, subject, registry);
    return new DiffSides(
        side(sides.get(0), subject, registry, references),
        side(sides.get(1), subject, registry, references));
  }

  private static List<String> sides(List<String> given, String subject, RegistrySubjects registry) {
    if (given.size() == 2) {
      return given;
    }
    if (given.size() == 1) {
      // A version is older than the latest, a file newer.
      return isVersion(given.get(0))
          ? List.of(given.get(0), LATEST)
          : List.of(LATEST, given.get(0));
    }
    List<Integer> versions = registry.versions(subject);
    if (versions.size() < 2) {
      throw Errors.usage(
          "Nothing to compare",
          "subject %s has %d version%s, and no other schema is given"
              .formatted(subject, versions.size(), versions.size() == 1 ? "" : "s"));
    }
    return List.of(
        String.valueOf(versions.get(versions.size() - 2)),
        String.valueOf(versions.get(versions.size() - 1)));
  }

  private static Side side(
      String given, String subject, RegistrySubjects registry, ReferenceOptions references) {
    if (!isVersion(given)) {
      return new Side(given, references.read(given, registry).schema());
    }
    StoredSchema stored =
        given.equals(LATEST)
            ? registry.latest(subject)
            : registry.version(subject, Integer.parseInt(given));
    return new Side("%s version %d".formatted(subject, stored.version()), registry.parse(stored));
  }

  private static boolean isVersion(String given) {
    return given.equals(LATEST) || given.matches("[1-9]\\d{0,8}");
  }
}
