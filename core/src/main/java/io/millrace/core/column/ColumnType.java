package io.millrace.core.column;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one column of a table, or a part of one, stores. Each maps to one Delta type and one Parquet
 * type; everything is nullable.
 *
 * @param kind what it is
 * @param precision digits of a DECIMAL, 1 to 38; else 0
 * @param scale digits of a DECIMAL behind the point, 0 to {@code precision}; else 0
 * @param members parts of a nested type: a STRUCT's members in order; a LIST's {@value #ELEMENT}; a
 *     MAP's {@value #KEY} and {@value #VALUE}; else none
 */
public record ColumnType(Kind kind, int precision, int scale, List<Column> members)
    implements Serializable {

  /** What a type is, without its parameters. */
  public enum Kind {
    /** Delta boolean. */
    BOOLEAN,
    /** Delta integer. */
    INT,
    /** Delta long. */
    LONG,
    /** Delta float. */
    FLOAT,
    /** Delta double. */
    DOUBLE,
    /** Delta string, UTF-8. */
    STRING,
    /** Delta binary. */
    BINARY,
    /** Delta date, days since 1970-01-01. */
    DATE,
    /** Delta timestamp, microseconds since 1970-01-01T00:00:00Z. */
    TIMESTAMP,
    /** Delta timestamp without time zone, microseconds since 1970-01-01T00:00:00 of any place. */
    TIMESTAMP_NTZ,
    /** Delta decimal. */
    DECIMAL,
    /** Delta struct. */
    STRUCT,
    /** Delta array. */
    LIST,
    /** Delta map with STRING keys. */
    MAP
  }

  public static final String ELEMENT = "element";
  public static final String KEY = "key";
  public static final String VALUE = "value";

  /** Most digits of a DECIMAL, in Delta as in Spark. */
  public static final int MAX_PRECISION = 38;

  /** Most digits of a DECIMAL whose unscaled value fits a long. */
  public static final int MAX_LONG_PRECISION = 18;

  public static final ColumnType BOOLEAN = flat(Kind.BOOLEAN);
  public static final ColumnType INT = flat(Kind.INT);
  public static final ColumnType LONG = flat(Kind.LONG);
  public static final ColumnType FLOAT = flat(Kind.FLOAT);
  public static final ColumnType DOUBLE = flat(Kind.DOUBLE);
  public static final ColumnType STRING = flat(Kind.STRING);
  public static final ColumnType BINARY = flat(Kind.BINARY);
  public static final ColumnType DATE = flat(Kind.DATE);
  public static final ColumnType TIMESTAMP = flat(Kind.TIMESTAMP);
  public static final ColumnType TIMESTAMP_NTZ = flat(Kind.TIMESTAMP_NTZ);

  /** Kafka's headers: their names, and their values as they came. */
  public static final ColumnType HEADERS = map(BINARY);

  public ColumnType {
    members = List.copyOf(members);
    boolean right =
        switch (kind) {
          case DECIMAL ->
              precision >= 1 && precision <= MAX_PRECISION && scale >= 0 && scale <= precision;
          case STRUCT -> !members.isEmpty();
          case LIST -> members.size() == 1;
          case MAP -> members.size() == 2;
          default -> members.isEmpty();
        };
    if (!right) {
      throw new IllegalArgumentException(
          "no type: %s(%d,%d)%s".formatted(kind, precision, scale, members));
    }
  }

  private static ColumnType flat(Kind kind) {
    return new ColumnType(kind, 0, 0, List.of());
  }

  public static ColumnType decimal(int precision, int scale) {
    return new ColumnType(Kind.DECIMAL, precision, scale, List.of());
  }

  /** A STRUCT of at least one member. */
  public static ColumnType struct(List<Column> members) {
    return new ColumnType(Kind.STRUCT, 0, 0, members);
  }

  public static ColumnType list(ColumnType element) {
    return new ColumnType(Kind.LIST, 0, 0, List.of(Column.field(ELEMENT, element)));
  }

  /** A MAP with STRING keys, which are all that Avro has. */
  public static ColumnType map(ColumnType value) {
    return new ColumnType(
        Kind.MAP, 0, 0, List.of(Column.field(KEY, STRING), Column.field(VALUE, value)));
  }

  /** All types without parameters and members. */
  public static List<ColumnType> flatTypes() {
    List<ColumnType> types = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (kind.ordinal() < Kind.DECIMAL.ordinal()) {
        types.add(flat(kind));
      }
    }
    return types;
  }

  public boolean isNested() {
    return !members.isEmpty();
  }

  /** What a LIST's items are. */
  public ColumnType element() {
    return members.get(0).type();
  }

  /** What a MAP's values are. */
  public ColumnType mapValue() {
    return members.get(1).type();
  }

  /** Values that one of this type has, nulls included; a list or map counts without its items. */
  public int values() {
    return kind == Kind.STRUCT
        ? 1 + members.stream().mapToInt(member -> member.type().values()).sum()
        : 1;
  }

  /** As in {@code STRUCT<a: LONG, b: LIST<STRING>>}. */
  @Override
  public String toString() {
    return switch (kind) {
      case DECIMAL -> "DECIMAL(" + precision + "," + scale + ")";
      case STRUCT ->
          members.stream()
              .map(member -> member.name() + ": " + member.type())
              .collect(Collectors.joining(", ", "STRUCT<", ">"));
      case LIST -> "LIST<" + element() + ">";
      case MAP -> "MAP<STRING, " + mapValue() + ">";
      default -> kind.name();
    };
  }
}
