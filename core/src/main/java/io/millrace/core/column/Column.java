package io.millrace.core.column;

import java.io.Serializable;

/**
 * One column of a table.
 *
 * @param name its name in table and Parquet file
 * @param type what it stores
 * @param role where its values come from
 */
public record Column(String name, ColumnType type, Role role) implements Serializable {
  /** Where a column's values come from. */
  public enum Role {
    /** A field of the Avro record. */
    FIELD,
    KAFKA_PARTITION,
    KAFKA_OFFSET,
    KAFKA_TIMESTAMP,
    KAFKA_KEY
  }
}
