package io.millrace.core.avro;

import io.millrace.core.avro.testing.VectorValues;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/**
 * What columns should hold of a record that Avro's own reader has read, as {@link VectorValues} has
 * it. Written from docs/types.md, for columns that were made from the record's schema and from
 * others that it may follow on.
 */
final class ExpectedValues {
  /** A value that is right for Avro and not for its column. */
  static final class Unstorable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unstorable(Object value) {
      super(String.valueOf(value));
    }
  }

  private ExpectedValues() {}

  /** The FIELD columns' values. */
  static List<Object> row(IndexedRecord record, List<Column> columns) {
    return members(record, columns);
  }

  private static List<Object> members(IndexedRecord record, List<Column> columns) {
    List<Object> values = new ArrayList<>();
    for (Column column : columns) {
      Schema.Field field = record.getSchema().getField(column.name());
      if (column.role() != Column.Role.FIELD) {
        continue;
      }
      if (column.name().equals(AvroTypes.PRESENT)) {
        values.add(true);
      } else {
        values.add(
            field == null ? null : value(record.get(field.pos()), field.schema(), column.type()));
      }
    }
    return values;
  }

  private static Object value(Object value, Schema schema, ColumnType type) {
    if (value == null) {
      return null;
    }
    if (schema.getType() == Schema.Type.UNION) {
      return unionValue(value, schema, type);
    }
    return switch (type.kind()) {
      case BOOLEAN, INT, DATE, FLOAT -> value;
      case LONG ->
          schema.getLogicalType() instanceof LogicalTypes.TimeMillis
              ? 1000L * (Integer) value
              : ((Number) value).longValue();
      case DOUBLE -> ((Number) value).doubleValue();
      case TIMESTAMP, TIMESTAMP_NTZ ->
          schema.getLogicalType().getName().endsWith("millis") ? micros((Long) value) : value;
      case STRING -> text(value, schema);
      case BINARY -> ByteBuffer.wrap(bytes(value));
      case DECIMAL -> decimal(value, schema, type);
      case LIST -> {
        List<Object> items = new ArrayList<>();
        for (Object item : (Collection<?>) value) {
          items.add(value(item, schema.getElementType(), type.element()));
        }
        yield items;
      }
      case MAP -> {
        Map<Object, Object> entries = new HashMap<>();
        ((Map<?, ?>) value)
            .forEach(
                (key, item) ->
                    entries.put(
                        key.toString(), value(item, schema.getValueType(), type.mapValue())));
        yield entries;
      }
      case STRUCT ->
          AvroTypes.isDuration(schema)
              ? duration(bytes(value))
              : members((IndexedRecord) value, type.members());
    };
  }

  private static Object unionValue(Object value, Schema union, ColumnType type) {
    Schema branch = union.getTypes().get(GenericData.get().resolveUnion(union, value));
    List<Schema> branches =
        union.getTypes().stream().filter(b -> b.getType() != Schema.Type.NULL).toList();
    if (branches.size() == 1) {
      return value(value, branch, type);
    }
    String name = "member_" + branch.getName().toLowerCase(Locale.ROOT);
    List<Object> members = new ArrayList<>();
    for (Column member : type.members()) {
      members.add(member.name().equals(name) ? value(value, branch, member.type()) : null);
    }
    return members;
  }

  private static long micros(long millis) {
    try {
      return Math.multiplyExact(millis, 1000);
    } catch (ArithmeticException e) {
      throw new Unstorable(millis);
    }
  }

  private static String text(Object value, Schema schema) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal) {
      return decimal(value, schema).toPlainString();
    }
    if (value instanceof GenericFixed fixed) {
      ByteBuffer bytes = ByteBuffer.wrap(fixed.bytes());
      return new UUID(bytes.getLong(), bytes.getLong()).toString();
    }
    return value.toString();
  }

  private static byte[] bytes(Object value) {
    if (value instanceof GenericFixed fixed) {
      return fixed.bytes();
    }
    ByteBuffer buffer = (ByteBuffer) value;
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  private static BigDecimal decimal(Object value, Schema schema) {
    byte[] bytes = bytes(value);
    if (bytes.length == 0) {
      throw new Unstorable("no bytes");
    }
    return new BigDecimal(
        new BigInteger(bytes), ((LogicalTypes.Decimal) schema.getLogicalType()).getScale());
  }

  private static BigDecimal decimal(Object value, Schema schema, ColumnType type) {
    BigDecimal decimal = decimal(value, schema);
    if (decimal.precision() > type.precision()) {
      throw new Unstorable(decimal);
    }
    return decimal;
  }

  private static List<Object> duration(byte[] bytes) {
    ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return List.of(
        Integer.toUnsignedLong(numbers.getInt()),
        Integer.toUnsignedLong(numbers.getInt()),
        Integer.toUnsignedLong(numbers.getInt()));
  }
}
