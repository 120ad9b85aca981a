package io.millrace.lake.verify;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.SchemaRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/** Writer schemas by id, for all threads, and what went wrong with them. */
final class WriterSchemas {
  private final SchemaRegistry registry;
  private final Set<String> columns;
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
  private final Set<String> withoutColumn = ConcurrentHashMap.newKeySet();
  private final Map<Integer, String> unknown = new ConcurrentHashMap<>();
  private volatile MillraceException unreachable;

  WriterSchemas(SchemaRegistry registry, Collection<ValueColumn> columns) {
    this.registry = registry;
    this.columns = columns.stream().map(ValueColumn::name).collect(Collectors.toSet());
  }

  /** The schema behind an id; null where it can't be had. */
  Schema byId(int id) {
    Schema known = schemas.get(id);
    if (known != null || unreachable != null || unknown.containsKey(id)) {
      return known;
    }
    try {
      Schema schema = registry.byId(id);
      schema.getFields().stream()
          .filter(field -> field.schema().getType() != Schema.Type.NULL)
          .map(Schema.Field::name)
          .filter(name -> !columns.contains(name))
          .forEach(name -> withoutColumn.add(name + " (schema id " + id + ")"));
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

  /** Fields of writer schemas met that the table has no column for, with their schema's id. */
  Set<String> fieldsWithoutColumn() {
    return new TreeSet<>(withoutColumn);
  }
}
