package io.millrace.embedded.registry;

import io.millrace.core.registry.SchemaText;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/** What can be asked about schemas, versions and subjects; throws the error for what is missing. */
final class Lookups {
  private static final String LATEST = "latest";

  private final SchemaStore store;

  Lookups(SchemaStore store) {
    this.store = store;
  }

  List<String> subjects(String prefix, Predicate<Version> shown) {
    return store.all(shown).stream()
        .map(Version::subject)
        .distinct()
        .filter(s -> s.startsWith(prefix))
        .toList();
  }

  List<Integer> versions(String subject, Predicate<Version> shown) {
    requireSubject(subject, shown);
    return store.versions(subject, shown).stream().map(Version::version).toList();
  }

  List<Version> live(String subject) {
    return store.versions(subject, Version::live);
  }

  void requireSubject(String subject, Predicate<Version> shown) {
    if (store.versions(subject, shown).isEmpty()) {
      throw RegistryError.subjectNotFound(subject);
    }
  }

  /**
   * @param version a number, or latest
   */
  Version versionOf(String subject, String version, Predicate<Version> shown) {
    int number = number(version);
    requireSubject(subject, shown);
    List<Version> found = store.versions(subject, shown);
    return number < 0
        ? found.get(found.size() - 1)
        : found.stream()
            .filter(v -> v.version() == number)
            .findFirst()
            .orElseThrow(() -> RegistryError.versionNotFound(number));
  }

  /** What a schema is compared with; nothing where the latest is asked for and there is none. */
  List<Version> comparedWith(String subject, String version) {
    int number = number(version);
    List<Version> live = live(subject);
    if (number < 0) {
      return live.isEmpty() ? live : List.of(live.get(live.size() - 1));
    }
    return List.of(
        live.stream()
            .filter(v -> v.version() == number)
            .findFirst()
            .orElseThrow(() -> RegistryError.versionNotFound(number)));
  }

  /** The newest version under the subject that holds this schema. */
  Version find(String subject, SchemaReader.Read schema, Predicate<Version> shown) {
    return store.versions(subject, shown.and(v -> schema.matches(v.schema()))).stream()
        .max(Comparator.comparing(Version::version))
        .orElseThrow(RegistryError::schemaNotFound);
  }

  SchemaText byId(int id) {
    return store.byId(id).orElseThrow(() -> RegistryError.schemaNotFound(id));
  }

  SchemaText byGuid(UUID guid) {
    return store.byGuid(guid).orElseThrow(() -> RegistryError.schemaNotFound(guid));
  }

  int highestId() {
    return store.highestId();
  }

  /** The versions that hold the schema of this id. */
  List<Version> usersOf(int id, Predicate<Version> shown) {
    byId(id);
    return store.all(shown.and(v -> v.id() == id));
  }

  /** Ids of the schemas that refer to this version. */
  List<Integer> referencedBy(Version version) {
    return store
        .all(v -> v.live() && v.schema().refersTo(version.subject(), version.version()))
        .stream()
        .map(Version::id)
        .distinct()
        .sorted()
        .toList();
  }

  List<Version> schemas(String prefix, Predicate<Version> shown, boolean latestOnly) {
    List<Version> all = store.all(shown.and(v -> v.subject().startsWith(prefix)));
    return latestOnly
        ? all.stream()
            .filter(
                v ->
                    all.stream()
                        .noneMatch(
                            o -> o.subject().equals(v.subject()) && o.version() > v.version()))
            .toList()
        : all;
  }

  /** -1 for the latest. */
  private static int number(String version) {
    if (version.equals(LATEST) || version.equals("-1")) {
      return -1;
    }
    try {
      int number = Integer.parseInt(version);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number that is no version.
    }
    throw RegistryError.invalidVersion(version);
  }
}
