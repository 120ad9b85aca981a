package io.millrace.bench;

import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.registry.UnknownSchemaException;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;

/** A registry of a few schemas in memory, to which nothing can be added. */
final class MapRegistry implements SchemaRegistry {
  private final Map<Integer, Schema> schemas;

  MapRegistry(Map<Integer, Schema> schemas) {
    this.schemas = Map.copyOf(schemas);
  }

  @Override
  public Schema byId(int id) {
    Schema schema = schemas.get(id);
    if (schema == null) {
      throw unknown("id " + id);
    }
    return schema;
  }

  @Override
  public Schema byGuid(UUID guid) {
    throw unknown("GUID " + guid);
  }

  @Override
  public Registered latest(String subject) {
    throw new UnsupportedOperationException(subject);
  }

  @Override
  public int register(String subject, Schema schema) {
    throw new UnsupportedOperationException(subject);
  }

  @Override
  public void close() {}

  private static UnknownSchemaException unknown(String what) {
    return new UnknownSchemaException(
        "There is no schema " + what, "the bench has none of it", "", true, null);
  }
}
