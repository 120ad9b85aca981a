package io.millrace.lake.verify;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.millrace.core.column.ColumnType;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
      ColumnType type = columns.get(c).type();
      for (int r = 0; r < rows; r++) {
        hashes[r * width + c] = ValueHash.of(hashes[r * width], c, hash(type, vector, r));
      }
    }
    return hashes;
  }

  private static long hash(ColumnType type, ColumnVector vector, int row) {
    if (vector.isNullAt(row)) {
      return ValueHash.NULL;
    }
    return switch (type.kind()) {
      case BOOLEAN -> ValueHash.value(vector.getBoolean(row) ? 1L : 0L);
      case INT, DATE -> ValueHash.value((long) vector.getInt(row));
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> ValueHash.value(vector.getLong(row));
      case FLOAT -> ValueHash.value(vector.getFloat(row));
      case DOUBLE -> ValueHash.value(vector.getDouble(row));
      case STRING -> bytes(vector.getString(row).getBytes(StandardCharsets.UTF_8));
      case BINARY -> bytes(vector.getBinary(row));
      case DECIMAL ->
          ValueHash.value(vector.getDecimal(row).setScale(type.scale()).unscaledValue());
      case STRUCT -> hashStruct(type, vector, row);
      case LIST -> hashList(type, vector.getArray(row));
      case MAP -> hashMap(type, vector.getMap(row));
    };
  }

  private static long hashStruct(ColumnType type, ColumnVector vector, int row) {
    long hash = ValueHash.STRUCT;
    for (int i = 0; i < type.members().size(); i++) {
      hash = ValueHash.of(hash, i, hash(type.members().get(i).type(), vector.getChild(i), row));
    }
    return hash;
  }

  private static long hashList(ColumnType type, ArrayValue list) {
    ColumnVector items = list.getElements();
    long hash = ValueHash.list(list.getSize());
    for (int i = 0; i < list.getSize(); i++) {
      hash = ValueHash.of(hash, i, hash(type.element(), items, i));
    }
    return hash;
  }

  private static long hashMap(ColumnType type, MapValue map) {
    ColumnVector keys = map.getKeys();
    ColumnVector values = map.getValues();
    long entries = 0;
    for (int i = 0; i < map.getSize(); i++) {
      entries +=
          ValueHash.entry(hash(ColumnType.STRING, keys, i), hash(type.mapValue(), values, i));
    }
    return ValueHash.map(map.getSize(), entries);
  }

  /** The value as {@link ValueText} takes it. */
  static Object value(ColumnType type, ColumnVector vector, int row) {
    if (vector.isNullAt(row)) {
      return null;
    }
    return switch (type.kind()) {
      case BOOLEAN -> vector.getBoolean(row);
      case INT, DATE -> vector.getInt(row);
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> vector.getLong(row);
      case FLOAT -> vector.getFloat(row);
      case DOUBLE -> vector.getDouble(row);
      case STRING -> vector.getString(row);
      case BINARY -> vector.getBinary(row);
      case DECIMAL -> vector.getDecimal(row);
      case STRUCT -> {
        List<Object> members = new ArrayList<>();
        for (int i = 0; i < type.members().size(); i++) {
          members.add(value(type.members().get(i).type(), vector.getChild(i), row));
        }
        yield members;
      }
      case LIST -> {
        ArrayValue list = vector.getArray(row);
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < list.getSize(); i++) {
          items.add(value(type.element(), list.getElements(), i));
        }
        yield items;
      }
      case MAP -> {
        MapValue map = vector.getMap(row);
        List<Map.Entry<String, Object>> entries = new ArrayList<>();
        for (int i = 0; i < map.getSize(); i++) {
          entries.add(
              new SimpleEntry<>(
                  map.getKeys().getString(i), value(type.mapValue(), map.getValues(), i)));
        }
        yield entries;
      }
    };
  }

  private static long bytes(byte[] bytes) {
    return ValueHash.value(bytes, 0, bytes.length);
  }
}
