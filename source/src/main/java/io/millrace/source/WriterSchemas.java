package io.millrace.source;

import io.millrace.core.config.RegistryConfig;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.registry.UnknownSchemaException;
import io.millrace.core.wire.SchemaKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * The writer schemas that records name, asked for once a process and registry. Safe for use by
 * several threads.
 */
final class WriterSchemas {
  private static final Map<RegistryConfig, WriterSchemas> SHARED = new ConcurrentHashMap<>();
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(500);

  /** How long a schema that was waited for in vain is not asked for again. */
  private static final Duration UNKNOWN_FOR = Duration.ofSeconds(30);

  private record Unknown(UnknownSchemaException answer, long askedAgainAt) {}

  private final SchemaRegistry registry;
  private final Map<SchemaKey, Schema> schemas = new ConcurrentHashMap<>();
  private final Map<SchemaKey, Unknown> unknown = new ConcurrentHashMap<>();

  private WriterSchemas(SchemaRegistry registry) {
    this.registry = registry;
  }

  static WriterSchemas of(RegistryConfig config) {
    return SHARED.computeIfAbsent(config, c -> new WriterSchemas(new RestSchemaRegistry(c)));
  }

  /**
   * The schema that a record names. Waits for it where the registry does not know it yet: its
   * replicas lag.
   *
   * @throws UnknownSchemaException where the registry has said for this long that it has none
   */
  Schema get(SchemaKey key, Duration unknownAfter) {
    Schema known = schemas.get(key);
    if (known != null) {
      return known;
    }
    long now = System.nanoTime();
    Unknown before = unknown.get(key);
    if (before != null && now - before.askedAgainAt < 0) {
      throw before.answer;
    }
    long waitUntil = before == null ? now + unknownAfter.toNanos() : now;
    while (true) {
      try {
        Schema schema = registry.byKey(key);
        schemas.put(key, schema);
        unknown.remove(key);
        return schema;
      } catch (UnknownSchemaException e) {
        if (!e.mayCome() || System.nanoTime() - waitUntil >= 0) {
          unknown.put(key, new Unknown(e, System.nanoTime() + UNKNOWN_FOR.toNanos()));
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_QUESTIONS.toMillis());
    } catch (InterruptedException e) {
      throw SourceErrors.interrupted();
    }
  }
}
