package io.millrace.core.wire;

import java.io.Serializable;
import java.util.UUID;

/**
 * What a record says its writer schema is: the id that one registry gave it, or its GUID, which is
 * the same in every registry.
 *
 * @param id where {@code guid} is null
 * @param guid null where the record has an id
 */
public record SchemaKey(int id, UUID guid) implements Serializable {
  public static SchemaKey ofId(int id) {
    return new SchemaKey(id, null);
  }

  public static SchemaKey ofGuid(UUID guid) {
    return new SchemaKey(0, guid);
  }

  public boolean isGuid() {
    return guid != null;
  }

  /** The id or the GUID alone, as in paths. */
  public String text() {
    return guid == null ? Integer.toString(id) : guid.toString();
  }

  /** As people read it. */
  @Override
  public String toString() {
    return "schema " + (guid == null ? "id " : "GUID ") + text();
  }
}
