package io.millrace.core.avro;

import io.millrace.core.column.ColumnType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** The types a field can have, whether or not in a union with null. */
enum FieldType {
  NULL(null),
  BOOLEAN(ColumnType.BOOLEAN),
  INT(ColumnType.LONG),
  LONG(ColumnType.LONG),
  FLOAT(ColumnType.DOUBLE),
  DOUBLE(ColumnType.DOUBLE),
  STRING(ColumnType.STRING),
  ENUM(ColumnType.STRING),
  BYTES(ColumnType.BINARY),
  DATE(ColumnType.DATE),
  MILLIS(ColumnType.TIMESTAMP),
  MICROS(ColumnType.TIMESTAMP);

  private final ColumnType column;

  FieldType(ColumnType column) {
    this.column = column;
  }

  /** The column a new table gets for it; null for {@link #NULL}. */
  ColumnType column() {
    return column;
  }

  /** The type of a field with this schema; empty where it can't be stored. */
  static Optional<FieldType> of(Schema schema) {
    if (schema.getType() != Schema.Type.UNION) {
      return Optional.ofNullable(single(schema));
    }
    FieldType found = NULL;
    for (Schema branch : schema.getTypes()) {
      FieldType type = single(branch);
      if (type == null || (type != NULL && found != NULL)) {
        return Optional.empty();
      }
      found = type == NULL ? found : type;
    }
    return schema.getTypes().isEmpty() ? Optional.empty() : Optional.of(found);
  }

  private static FieldType single(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    return switch (schema.getType()) {
      case NULL -> NULL;
      case BOOLEAN -> logical == null ? BOOLEAN : null;
      case INT -> logical == null ? INT : logical instanceof LogicalTypes.Date ? DATE : null;
      case LONG -> {
        if (logical instanceof LogicalTypes.TimestampMillis) {
          yield MILLIS;
        }
        yield logical == null
            ? LONG
            : logical instanceof LogicalTypes.TimestampMicros ? MICROS : null;
      }
      case FLOAT -> logical == null ? FLOAT : null;
      case DOUBLE -> logical == null ? DOUBLE : null;
      case STRING -> logical == null ? STRING : null;
      case ENUM -> logical == null ? ENUM : null;
      case BYTES -> logical == null ? BYTES : null;
      case UNION, RECORD, ARRAY, MAP, FIXED -> null;
    };
  }

  /**
   * What reads a field of this schema into a column of this type.
   *
   * @param target null where the field has no column
   * @return null where the column can't take the value without loss
   */
  FieldReader reader(Schema schema, ColumnType target) {
    if (schema.getType() != Schema.Type.UNION) {
      return valueReader(schema, target);
    }
    List<Schema> branches = schema.getTypes();
    FieldReader[] readers = new FieldReader[2];
    for (int i = 0; i < branches.size(); i++) {
      Schema branch = branches.get(i);
      readers[i] =
          branch.getType() == Schema.Type.NULL ? FieldReader.NULL : valueReader(branch, target);
      if (readers[i] == null) {
        return null;
      }
    }
    return new FieldReader.Union(readers[0], readers[1]);
  }

  private FieldReader valueReader(Schema schema, ColumnType target) {
    return switch (this) {
      case NULL -> FieldReader.NULL;
      case BOOLEAN -> target == ColumnType.BOOLEAN ? FieldReader.BOOLEAN : null;
      case INT -> intReader(target);
      case LONG -> target == ColumnType.LONG ? FieldReader.LONG : null;
      case FLOAT -> target == ColumnType.DOUBLE ? FieldReader.FLOAT : null;
      case DOUBLE -> target == ColumnType.DOUBLE ? FieldReader.DOUBLE : null;
      case STRING -> target == ColumnType.STRING ? FieldReader.STRING : null;
      case ENUM -> target == ColumnType.STRING ? symbols(schema) : null;
      case BYTES -> target == ColumnType.BINARY ? FieldReader.BYTES : null;
      case DATE -> target == ColumnType.DATE ? FieldReader.INT : null;
      case MILLIS -> target == ColumnType.TIMESTAMP ? FieldReader.MILLIS : null;
      case MICROS -> target == ColumnType.TIMESTAMP ? FieldReader.LONG : null;
    };
  }

  /** Where a newer schema promoted the field, Avro's older int fits the wider column exactly. */
  private static FieldReader intReader(ColumnType target) {
    return switch (target) {
      case INT -> FieldReader.INT;
      case LONG -> FieldReader.INT_TO_LONG;
      case DOUBLE -> FieldReader.INT_TO_DOUBLE;
      case BOOLEAN, STRING, BINARY, DATE, TIMESTAMP -> null;
    };
  }

  private static FieldReader symbols(Schema schema) {
    return new FieldReader.Symbol(
        schema.getEnumSymbols().stream()
            .map(symbol -> symbol.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new));
  }
}
