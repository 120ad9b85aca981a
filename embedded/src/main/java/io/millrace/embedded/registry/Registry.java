package io.millrace.embedded.registry;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Changes to the registry: each is checked against the state, written to the log, and applied once
 * it is safe there. One change at a time; reads go to the store directly.
 */
final class Registry {
  static final CompatibilityLevel DEFAULT_LEVEL = CompatibilityLevel.BACKWARD;

  /** Longer than the log needs to give up one change. */
  private static final Duration QUEUE_LIMIT = Duration.ofSeconds(20);

  private final SchemaStore store;
  private final ChangeLog log;
  private final SchemaReader reader;
  private final ReentrantLock changing = new ReentrantLock(true);

  /** True at first, and after a write of which nobody knows whether it arrived. */
  private boolean unsure = true;

  Registry(SchemaStore store, ChangeLog log) {
    this.store = store;
    this.log = log;
    this.reader = new SchemaReader(store);
  }

  /** Reads the log to its end. */
  void load() {
    changing(() -> null);
  }

  /** Returns the id. */
  int register(String subject, SchemaRequest request, boolean normalize) {
    return changing(
        () -> {
          requireWritable(Optional.of(subject));
          if (request.id() >= 0) {
            throw RegistryError.notImporting(subject);
          }
          SchemaReader.Read schema = reader.read(subject, request, normalize);
          Optional<Version> existing =
              store.versions(subject, Version::live).stream()
                  .filter(v -> schema.matches(v.schema()))
                  .findFirst();
          return existing.map(Version::id).orElseGet(() -> add(subject, schema));
        });
  }

  /** Returns the versions that were deleted. */
  List<Integer> deleteSubject(String subject, boolean permanent) {
    return changing(
        () -> {
          requireWritable(Optional.of(subject));
          List<Version> all = store.versions(subject, v -> true);
          List<Version> live = all.stream().filter(Version::live).toList();
          if (all.isEmpty()) {
            throw RegistryError.subjectNotFound(subject);
          }
          if (permanent && !live.isEmpty()) {
            throw RegistryError.subjectNotSoftDeleted(subject);
          }
          if (!permanent && live.isEmpty()) {
            throw RegistryError.subjectSoftDeleted(subject);
          }
          List<Version> deleted = permanent ? all : live;
          deleted.forEach(this::requireUnreferenced);
          if (permanent) {
            deleted.forEach(v -> commit(new Change.Remove(subject, v.version())));
          } else {
            commit(new Change.DeleteSubject(subject, all.get(all.size() - 1).version()));
            unset(Optional.of(subject));
          }
          return deleted.stream().map(Version::version).toList();
        });
  }

  /** Deletes one version that the caller has found to exist, softly deleted or not. */
  void deleteVersion(Version version, boolean permanent) {
    changing(
        () -> {
          requireWritable(Optional.of(version.subject()));
          Version now =
              store
                  .version(version.subject(), version.version())
                  .orElseThrow(() -> RegistryError.versionNotFound(version.version()));
          if (permanent && !now.deleted()) {
            throw RegistryError.versionNotSoftDeleted(now.subject(), now.version());
          }
          if (!permanent && now.deleted()) {
            throw RegistryError.versionSoftDeleted(now.subject(), now.version());
          }
          requireUnreferenced(now);
          commit(
              permanent
                  ? new Change.Remove(now.subject(), now.version())
                  : new Change.Put(now.softDeleted()));
          return null;
        });
  }

  void setLevel(Optional<String> subject, Optional<CompatibilityLevel> level) {
    changing(
        () -> {
          requireWritable(subject);
          commit(new Change.SetLevel(subject, level));
          return null;
        });
  }

  void setMode(Optional<String> subject, Optional<Mode> mode) {
    changing(
        () -> {
          commit(new Change.SetMode(subject, mode));
          return null;
        });
  }

  /** What counts for a subject: its own level, or the registry's. */
  CompatibilityLevel levelOf(String subject) {
    return store
        .level(Optional.of(subject))
        .or(() -> store.level(Optional.empty()))
        .orElse(DEFAULT_LEVEL);
  }

  /** What keeps the schema from following these versions; empty where nothing does. */
  List<String> problems(String subject, SchemaReader.Read schema, List<Version> earlier) {
    CompatibilityLevel level = levelOf(subject);
    if (level == CompatibilityLevel.NONE) {
      return List.of();
    }
    List<Compatibility.Earlier> parsed =
        earlier.stream()
            .map(v -> new Compatibility.Earlier(v.version(), reader.parse(v.schema())))
            .toList();
    return Compatibility.problems(schema.schema(), parsed, level);
  }

  private int add(String subject, SchemaReader.Read schema) {
    List<String> problems = problems(subject, schema, store.versions(subject, Version::live));
    if (!problems.isEmpty()) {
      throw RegistryError.incompatible(subject, problems);
    }
    int id = store.idFor(schema.text());
    int version = reader.latest(subject, v -> true).map(Version::version).orElse(0) + 1;
    commit(new Change.Put(new Version(subject, version, id, schema.text(), false)));
    return id;
  }

  private void unset(Optional<String> subject) {
    if (store.level(subject).isPresent()) {
      commit(new Change.SetLevel(subject, Optional.empty()));
    }
    if (store.mode(subject).isPresent()) {
      commit(new Change.SetMode(subject, Optional.empty()));
    }
  }

  private void requireWritable(Optional<String> subject) {
    Mode registry = store.mode(Optional.empty()).orElse(Mode.READWRITE);
    Mode mode =
        registry == Mode.READONLY_OVERRIDE
            ? registry
            : subject.flatMap(s -> store.mode(Optional.of(s))).orElse(registry);
    if (mode != Mode.READWRITE) {
      throw RegistryError.readOnly(subject.orElse("null"));
    }
  }

  private void requireUnreferenced(Version version) {
    boolean referenced =
        !store
            .all(
                v ->
                    v.live()
                        && !v.subject().equals(version.subject())
                        && v.schema().refersTo(version.subject(), version.version()))
            .isEmpty();
    if (referenced) {
      throw RegistryError.referenced(version.subject(), version.version());
    }
  }

  private void commit(Change change) {
    unsure = true;
    log.append(change);
    store.apply(change);
    unsure = false;
  }

  private <T> T changing(Supplier<T> change) {
    boolean locked = false;
    try {
      locked = changing.tryLock(QUEUE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!locked) {
      throw RegistryError.storeTimeout("another change is still being written");
    }
    try {
      if (unsure) {
        store.reset(log.readAll());
        unsure = false;
      }
      return change.get();
    } finally {
      changing.unlock();
    }
  }
}
