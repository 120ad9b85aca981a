package io.millrace.lake.parquet;

import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.DoubleVector;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.column.TableLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/**
 * Rows as plain Java values (Boolean, Integer, Long, Double, String, ByteBuffer or null), into
 * batches and back from files.
 */
final class Rows {
  private Rows() {}

  static TableLayout layout(ColumnType... types) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      columns.add(new Column("c" + i, types[i], Column.Role.FIELD));
    }
    return new TableLayout(columns);
  }

  static ColumnBatch batch(TableLayout layout, List<Object[]> rows) {
    ColumnBatch batch = new ColumnBatch(layout);
    for (Object[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        append(batch.vector(i), row[i]);
      }
      batch.endRow();
    }
    return batch;
  }

  private static void append(ColumnVector vector, Object value) {
    if (value == null) {
      vector.appendNull();
    } else if (vector instanceof BooleanVector booleans) {
      booleans.append((Boolean) value);
    } else if (vector instanceof IntVector ints) {
      ints.append((Integer) value);
    } else if (vector instanceof LongVector longs) {
      longs.append((Long) value);
    } else if (vector instanceof DoubleVector doubles) {
      doubles.append((Double) value);
    } else {
      byte[] bytes =
          value instanceof String text
              ? text.getBytes(StandardCharsets.UTF_8)
              : ((ByteBuffer) value).array();
      ((BytesVector) vector).append(bytes, 0, bytes.length);
    }
  }

  /** All rows of a file, by parquet-java's own reader. */
  static List<Object[]> read(Path path, TableLayout layout) throws IOException {
    List<Object[]> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        Object[] row = new Object[layout.columns().size()];
        for (int i = 0; i < row.length; i++) {
          row[i] = group.getFieldRepetitionCount(i) == 0 ? null : value(layout, group, i);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static Object value(TableLayout layout, Group group, int i) {
    return switch (layout.columns().get(i).type()) {
      case BOOLEAN -> group.getBoolean(i, 0);
      case INT, DATE -> group.getInteger(i, 0);
      case LONG, TIMESTAMP -> group.getLong(i, 0);
      case DOUBLE -> group.getDouble(i, 0);
      case STRING -> group.getString(i, 0);
      case BINARY -> ByteBuffer.wrap(group.getBinary(i, 0).getBytes());
    };
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
