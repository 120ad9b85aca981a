package io.millrace.lake.verify;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.millrace.core.column.ColumnType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Hashes the column values of rows as Delta Kernel read them. One thread. */
final class RowHasher {
  private final List<ValueColumn> columns;
  private final int firstOrdinal;
  private long[] hashes = new long[0];

  /**
   * @param firstOrdinal where the value columns begin in a batch
   */
  RowHasher(List<ValueColumn> columns, int firstOrdinal) {
    this.columns = columns;
    this.firstOrdinal = firstOrdinal;
  }

  int columns() {
    return columns.size();
  }

  /** Hashes row {@code r} to {@code [r * columns(), (r + 1) * columns())} of the answer. */
  long[] hash(ColumnarBatch batch, ColumnVector partitions, ColumnVector offsets) {
    int rows = batch.getSize();
    int width = columns.size();
    if (hashes.length < rows * width) {
      hashes = new long[rows * width];
    }
    for (int r = 0; r < rows; r++) {
      if (!partitions.isNullAt(r) && !offsets.isNullAt(r)) {
        hashes[r * width] = ValueHash.row(partitions.getInt(r), offsets.getLong(r));
      }
    }
    // The first column goes last, because its cells hold the rows' own hashes until then.
    for (int c = width - 1; c >= 0; c--) {
      ColumnVector vector = batch.getColumnVector(firstOrdinal + c);
      for (int r = 0; r < rows; r++) {
        hashes[r * width + c] = ValueHash.of(hashes[r * width], c, value(c, vector, r));
      }
    }
    return hashes;
  }

  private long value(int c, ColumnVector vector, int row) {
    if (vector.isNullAt(row)) {
      return ValueHash.NULL;
    }
    return switch (columns.get(c).type().kind()) {
      case BOOLEAN -> ValueHash.value(vector.getBoolean(row) ? 1L : 0L);
      case INT, DATE -> ValueHash.value((long) vector.getInt(row));
      case LONG, TIMESTAMP -> ValueHash.value(vector.getLong(row));
      case DOUBLE -> ValueHash.value(vector.getDouble(row));
      case STRING -> bytes(vector.getString(row).getBytes(StandardCharsets.UTF_8));
      case BINARY -> bytes(vector.getBinary(row));
      default -> throw new IllegalArgumentException(columns.get(c).toString());
    };
  }

  /** The value as {@link ValueText} takes it. */
  static Object value(ColumnType type, ColumnVector vector, int row) {
    if (vector.isNullAt(row)) {
      return null;
    }
    return switch (type.kind()) {
      case BOOLEAN -> vector.getBoolean(row);
      case INT, DATE -> vector.getInt(row);
      case LONG, TIMESTAMP -> vector.getLong(row);
      case DOUBLE -> vector.getDouble(row);
      case STRING -> vector.getString(row);
      case BINARY -> vector.getBinary(row);
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private static long bytes(byte[] bytes) {
    return ValueHash.value(bytes, 0, bytes.length);
  }
}
