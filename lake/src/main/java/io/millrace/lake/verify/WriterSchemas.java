package io.millrace.lake.verify;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.wire.SchemaKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/** Writer schemas by what records name, for all threads, and what went wrong with them. */
final class WriterSchemas {
  private final SchemaRegistry registry;
  private final Map<SchemaKey, Schema> schemas = new ConcurrentHashMap<>();
  private final Map<SchemaKey, String> unknown = new ConcurrentHashMap<>();
  private volatile MillraceException unreachable;

  WriterSchemas(SchemaRegistry registry) {
    this.registry = registry;
  }

  /** The schema that a record names; null where it can't be had. */
  Schema byKey(SchemaKey key) {
    Schema known = schemas.get(key);
    if (known != null || unreachable != null || unknown.containsKey(key)) {
      return known;
    }
    try {
      Schema schema = registry.byKey(key);
      schemas.put(key, schema);
      return schema;
    } catch (MillraceException e) {
      if (e.exitCode() == ExitCode.UNREACHABLE) {
        unreachable = e;
      } else {
        unknown.put(key, e.reason());
      }
      return null;
    }
  }

  /** Why the registry could not be asked; null where it answered. */
  MillraceException unreachable() {
    return unreachable;
  }
}
