package io.millrace.embedded.registry;

import io.millrace.core.registry.SchemaText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The registry's state: what the changes read from {@code _schemas}, applied in order, add up to.
 * Does no I/O. Methods may be called by several threads.
 */
final class SchemaStore {
  private final NavigableMap<String, NavigableMap<Integer, Version>> subjects = new TreeMap<>();
  private final Map<Integer, SchemaText> byId = new HashMap<>();
  private final Map<SchemaText, Integer> ids = new HashMap<>();
  private final Map<UUID, SchemaText> byGuid = new HashMap<>();
  private final Map<Optional<String>, CompatibilityLevel> levels = new HashMap<>();
  private final Map<Optional<String>, Mode> modes = new HashMap<>();
  private int highestId;

  /** Starts over from the whole history; ids once given stay given. */
  synchronized void reset(List<Change> history) {
    subjects.clear();
    byId.clear();
    ids.clear();
    byGuid.clear();
    levels.clear();
    modes.clear();
    history.forEach(this::apply);
  }

  synchronized void apply(Change change) {
    if (change instanceof Change.Put put) {
      put(put.version());
    } else if (change instanceof Change.Remove remove) {
      remove(remove.subject(), remove.version());
    } else if (change instanceof Change.DeleteSubject delete) {
      deleteSubject(delete.subject(), delete.upToVersion());
    } else if (change instanceof Change.SetLevel set) {
      set(levels, set.subject(), set.level());
    } else if (change instanceof Change.SetMode set) {
      set(modes, set.subject(), set.mode());
    }
  }

  /** All versions of a subject, oldest first. */
  synchronized List<Version> versions(String subject, Predicate<Version> filter) {
    return subjects.getOrDefault(subject, new TreeMap<>()).values().stream()
        .filter(filter)
        .toList();
  }

  /** All versions of all subjects, by subject and version. */
  synchronized List<Version> all(Predicate<Version> filter) {
    return everything().filter(filter).toList();
  }

  /** A version, softly deleted or not. */
  synchronized Optional<Version> version(String subject, int version) {
    return Optional.ofNullable(subjects.getOrDefault(subject, new TreeMap<>()).get(version));
  }

  synchronized Optional<SchemaText> byId(int id) {
    return Optional.ofNullable(byId.get(id));
  }

  synchronized Optional<SchemaText> byGuid(UUID guid) {
    return Optional.ofNullable(byGuid.get(guid));
  }

  /** The highest id ever given; 0 at first. */
  synchronized int highestId() {
    return highestId;
  }

  /** The id that this schema has, or the next free one. */
  synchronized int idFor(SchemaText schema) {
    return ids.getOrDefault(schema, highestId + 1);
  }

  /** What is set for just this subject, or for the registry. */
  synchronized Optional<CompatibilityLevel> level(Optional<String> subject) {
    return Optional.ofNullable(levels.get(subject));
  }

  /** What is set for just this subject, or for the registry. */
  synchronized Optional<Mode> mode(Optional<String> subject) {
    return Optional.ofNullable(modes.get(subject));
  }

  private void put(Version version) {
    subjects
        .computeIfAbsent(version.subject(), s -> new TreeMap<>())
        .put(version.version(), version);
    byId.put(version.id(), version.schema());
    ids.put(version.schema(), version.id());
    byGuid.put(SchemaGuid.of(version.schema()), version.schema());
    highestId = Math.max(highestId, version.id());
  }

  private void remove(String subject, int version) {
    NavigableMap<Integer, Version> versions = subjects.get(subject);
    Version removed = versions == null ? null : versions.remove(version);
    if (removed == null) {
      return;
    }
    if (versions.isEmpty()) {
      subjects.remove(subject);
    }
    if (everything().noneMatch(v -> v.id() == removed.id())) {
      // The id is not given again: records of the old schema may still be in a topic.
      byId.remove(removed.id());
      ids.remove(removed.schema());
      byGuid.remove(SchemaGuid.of(removed.schema()));
    }
  }

  private void deleteSubject(String subject, int upToVersion) {
    NavigableMap<Integer, Version> versions = subjects.get(subject);
    if (versions != null) {
      versions.headMap(upToVersion, true).replaceAll((number, v) -> v.softDeleted());
    }
  }

  private Stream<Version> everything() {
    return subjects.values().stream().flatMap(versions -> versions.values().stream());
  }

  private static <T> void set(
      Map<Optional<String>, T> values, Optional<String> subject, Optional<T> value) {
    value.ifPresentOrElse(v -> values.put(subject, v), () -> values.remove(subject));
  }
}
