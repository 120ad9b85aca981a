package io.millrace.lake.parquet;

import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.DoubleVector;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.ListVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.column.StructVector;
import io.millrace.core.column.TableLayout;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/**
 * Rows as plain Java values (Boolean, Integer, Long, Float, Double, String, ByteBuffer, BigDecimal,
 * a List for a LIST and for a STRUCT's members, a Map, or null), into batches and back from files.
 */
final class Rows {
  private static final int LONG_DECIMAL_BYTES = 16;

  private Rows() {}

  static TableLayout layout(ColumnType... types) {
    return layout(List.of(types));
  }

  static TableLayout layout(List<ColumnType> types) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      columns.add(new Column("c" + i, types.get(i), Column.Role.FIELD));
    }
    return new TableLayout(columns);
  }

  static ColumnBatch batch(TableLayout layout, List<Object[]> rows) {
    ColumnBatch batch = new ColumnBatch(layout);
    for (Object[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        append(layout.columns().get(i).type(), batch.vector(i), row[i]);
      }
      batch.endRow();
    }
    return batch;
  }

  private static void append(ColumnType type, ColumnVector vector, Object value) {
    if (value == null) {
      vector.appendNull();
      return;
    }
    switch (type.kind()) {
      case BOOLEAN -> ((BooleanVector) vector).append((Boolean) value);
      case INT, DATE -> ((IntVector) vector).append((Integer) value);
      case FLOAT -> ((IntVector) vector).append(Float.floatToRawIntBits((Float) value));
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> ((LongVector) vector).append((Long) value);
      case DOUBLE -> ((DoubleVector) vector).append((Double) value);
      case STRING -> append(vector, ((String) value).getBytes(StandardCharsets.UTF_8));
      case BINARY -> append(vector, ((ByteBuffer) value).array());
      case DECIMAL -> {
        BigInteger unscaled = ((BigDecimal) value).unscaledValue();
        if (vector instanceof LongVector longs) {
          longs.append(unscaled.longValueExact());
        } else {
          append(vector, wide(unscaled));
        }
      }
      case STRUCT -> {
        StructVector structs = (StructVector) vector;
        List<?> members = (List<?>) value;
        for (int i = 0; i < members.size(); i++) {
          append(type.members().get(i).type(), structs.member(i), members.get(i));
        }
        structs.endValue();
      }
      case LIST -> {
        ListVector lists = (ListVector) vector;
        for (Object item : (List<?>) value) {
          append(type.element(), lists.items(), item);
        }
        lists.endValue();
      }
      case MAP -> {
        ListVector lists = (ListVector) vector;
        StructVector entries = (StructVector) lists.items();
        ((Map<?, ?>) value)
            .forEach(
                (key, item) -> {
                  append(ColumnType.STRING, entries.member(0), key);
                  append(type.mapValue(), entries.member(1), item);
                  entries.endValue();
                });
        lists.endValue();
      }
    }
  }

  private static void append(ColumnVector vector, byte[] bytes) {
    ((BytesVector) vector).append(bytes, 0, bytes.length);
  }

  static byte[] wide(BigInteger unscaled) {
    byte[] bytes = unscaled.toByteArray();
    byte[] wide = new byte[LONG_DECIMAL_BYTES];
    Arrays.fill(wide, (byte) (unscaled.signum() < 0 ? -1 : 0));
    System.arraycopy(bytes, 0, wide, wide.length - bytes.length, bytes.length);
    return wide;
  }

  /** All rows of a file, by parquet-java's own reader. */
  static List<Object[]> read(Path path, TableLayout layout) throws IOException {
    List<Object[]> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        rows.add(members(layout.columns(), group).toArray());
      }
    }
    return rows;
  }

  private static List<Object> members(List<Column> columns, Group group) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      values.add(value(columns.get(i).type(), group, i));
    }
    return values;
  }

  private static Object value(ColumnType type, Group group, int i) {
    if (group.getFieldRepetitionCount(i) == 0) {
      return null;
    }
    return switch (type.kind()) {
      case BOOLEAN -> group.getBoolean(i, 0);
      case INT, DATE -> group.getInteger(i, 0);
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> group.getLong(i, 0);
      case FLOAT -> group.getFloat(i, 0);
      case DOUBLE -> group.getDouble(i, 0);
      case STRING -> group.getString(i, 0);
      case BINARY -> ByteBuffer.wrap(group.getBinary(i, 0).getBytes());
      case DECIMAL -> new BigDecimal(unscaled(type, group, i), type.scale());
      case STRUCT -> members(type.members(), group.getGroup(i, 0));
      case LIST -> {
        Group list = group.getGroup(i, 0);
        List<Object> items = new ArrayList<>();
        for (int k = 0; k < list.getFieldRepetitionCount(0); k++) {
          items.add(value(type.element(), list.getGroup(0, k), 0));
        }
        yield items;
      }
      case MAP -> {
        Group map = group.getGroup(i, 0);
        Map<String, Object> entries = new LinkedHashMap<>();
        for (int k = 0; k < map.getFieldRepetitionCount(0); k++) {
          Group entry = map.getGroup(0, k);
          entries.put(entry.getString(0, 0), value(type.mapValue(), entry, 1));
        }
        yield entries;
      }
    };
  }

  private static BigInteger unscaled(ColumnType type, Group group, int i) {
    if (type.precision() <= 9) {
      return BigInteger.valueOf(group.getInteger(i, 0));
    }
    return type.precision() <= 18
        ? BigInteger.valueOf(group.getLong(i, 0))
        : new BigInteger(group.getBinary(i, 0).getBytes());
  }

  static boolean equal(List<Object[]> one, List<Object[]> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!Arrays.equals(one.get(i), other.get(i))) {
        return false;
      }
    }
    return true;
  }
}
