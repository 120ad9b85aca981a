package io.millrace.lake.verify;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.SchemaRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/** Writer schemas by id, for all threads, and what went wrong with them. */
final class WriterSchemas {
  private final SchemaRegistry registry;
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
  private final Map<Integer, String> unknown = new ConcurrentHashMap<>();
  private volatile MillraceException unreachable;

  WriterSchemas(SchemaRegistry registry) {
    this.registry = registry;
  }

  /** The schema behind an id; null where it can't be had. */
  Schema byId(int id) {
    Schema known = schemas.get(id);
    if (known != null || unreachable != null || unknown.containsKey(id)) {
      return known;
    }
    try {
      Schema schema = registry.byId(id);
      schemas.put(id, schema);
      return schema;
    } catch (MillraceException e) {
      if (e.exitCode() == ExitCode.UNREACHABLE) {
        unreachable = e;
      } else {
        unknown.put(id, e.reason());
      }
      return null;
    }
  }

  /** Why the registry could not be asked; null where it answered. */
  MillraceException unreachable() {
    return unreachable;
  }
}
