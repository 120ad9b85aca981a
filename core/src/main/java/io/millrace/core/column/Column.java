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
    KAFKA_HEADERS,
    /** Which of several topics of one name a row is of; null in rows of the first one. */
    KAFKA_GENERATION
  }

  /**
   * Characters that Delta refuses in column names unless column mapping is on (Delta protocol,
   * "Valid Feature Names" and Parquet's own names).
   */
  private static final String REFUSED_CHARACTERS = " ,;{}()\n\t=";

  public Column {
    aliases = List.copyOf(aliases);
  }

  public Column(String name, ColumnType type, Role role) {
    this(name, type, role, List.of());
  }

  /** Whether a table can have a column, or a column a member, of this name. */
  public static boolean isAllowedName(String name) {
    return !name.isEmpty() && name.chars().noneMatch(c -> REFUSED_CHARACTERS.indexOf(c) >= 0);
  }

  /** A field of an Avro record, without other names. */
  public static Column field(String name, ColumnType type) {
    return new Column(name, type, Role.FIELD);
  }
}
