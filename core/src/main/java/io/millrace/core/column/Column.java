package io.millrace.core.column;

import java.io.Serializable;
import java.util.List;

/**
 * One column of a table, or one member of a nested column.
 *
 * @param name its name in table and Parquet file
 * @param type what it stores
 * @param role where its values come from
 * @param aliases other names that writer schemas give to the field that it holds
 */
public record Column(String name, ColumnType type, Role role, List<String> aliases)
    implements Serializable {
  /** Where a column's values come from. */
  public enum Role {
    /** A field of the Avro record. */
    FIELD,
    KAFKA_PARTITION,
    KAFKA_OFFSET,
    KAFKA_TIMESTAMP,
    KAFKA_KEY,
    KAFKA_HEADERS
  }

  public Column {
    aliases = List.copyOf(aliases);
  }

  public Column(String name, ColumnType type, Role role) {
    this(name, type, role, List.of());
  }

  /** A field of an Avro record, without other names. */
  public static Column field(String name, ColumnType type) {
    return new Column(name, type, Role.FIELD);
  }
}
