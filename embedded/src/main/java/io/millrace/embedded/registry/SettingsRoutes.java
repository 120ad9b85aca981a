package io.millrace.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The compatibility level and the mode, of the registry and of single subjects. */
final class SettingsRoutes {
  private final SchemaStore store;
  private final Registry registry;

  SettingsRoutes(SchemaStore store, Registry registry) {
    this.store = store;
    this.registry = registry;
  }

  void addTo(RoutesConfig routes) {
    for (String path : Set.of("/config", "/config/{subject}")) {
      routes.get(path, this::getLevel);
      routes.put(path, this::putLevel);
      routes.delete(path, this::deleteLevel);
    }
    for (String path : Set.of("/mode", "/mode/{subject}")) {
      routes.get(path, this::getMode);
      routes.put(path, this::putMode);
      routes.delete(path, this::deleteMode);
    }
  }

  private void getLevel(Context ctx) {
    Optional<String> subject = subject(ctx);
    CompatibilityLevel level =
        store
            .level(subject)
            .or(() -> orRegistrys(ctx, subject, registryLevel()))
            .orElseThrow(() -> RegistryError.noSubjectLevel(subject.orElseThrow()));
    answer(ctx, "compatibilityLevel", level);
  }

  private void putLevel(Context ctx) {
    CompatibilityLevel level =
        CompatibilityLevel.of(only(ctx, "compatibility")).orElseThrow(RegistryError::invalidLevel);
    registry.setLevel(subject(ctx), Optional.of(level));
    answer(ctx, "compatibility", level);
  }

  private void deleteLevel(Context ctx) {
    Optional<String> subject = subject(ctx);
    CompatibilityLevel level =
        subject.isEmpty()
            ? registryLevel()
            : store
                .level(subject)
                .orElseThrow(() -> RegistryError.subjectNotFound(subject.orElseThrow()));
    registry.setLevel(subject, Optional.empty());
    answer(ctx, "compatibilityLevel", level);
  }

  private void getMode(Context ctx) {
    Optional<String> subject = subject(ctx);
    Mode mode =
        store
            .mode(subject)
            .or(() -> orRegistrys(ctx, subject, registryMode()))
            .orElseThrow(() -> RegistryError.noSubjectMode(subject.orElseThrow()));
    answer(ctx, "mode", mode);
  }

  private void putMode(Context ctx) {
    Mode mode = Mode.of(only(ctx, "mode")).orElseThrow(RegistryError::invalidMode);
    registry.setMode(subject(ctx), Optional.of(mode));
    answer(ctx, "mode", mode);
  }

  private void deleteMode(Context ctx) {
    Optional<String> subject = subject(ctx);
    Mode mode =
        subject.isEmpty()
            ? registryMode()
            : store
                .mode(subject)
                .orElseThrow(() -> RegistryError.subjectNotFound(subject.orElseThrow()));
    registry.setMode(subject, Optional.empty());
    answer(ctx, "mode", mode);
  }

  private CompatibilityLevel registryLevel() {
    return store.level(Optional.empty()).orElse(Registry.DEFAULT_LEVEL);
  }

  private Mode registryMode() {
    return store.mode(Optional.empty()).orElse(Mode.READWRITE);
  }

  private static <T> Optional<T> orRegistrys(Context ctx, Optional<String> subject, T registrys) {
    return subject.isEmpty() || RegistryRoutes.flag(ctx, "defaultToGlobal")
        ? Optional.of(registrys)
        : Optional.empty();
  }

  /** Empty where the path names none. */
  private static Optional<String> subject(Context ctx) {
    return Optional.ofNullable(ctx.pathParamMap().get("subject"));
  }

  /** The one field that may be set; another one would be a setting that has no effect here. */
  private static String only(Context ctx, String field) {
    JsonNode body = RegistryRoutes.body(ctx);
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals(field) && !body.get(name).isNull()) {
                throw RegistryError.unrecognizedField(name);
              }
            });
    return body.path(field).textValue();
  }

  private static void answer(Context ctx, String field, Enum<?> value) {
    RegistryRoutes.answer(ctx, Map.of(field, value.name()));
  }
}
