package io.millrace.source;

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
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Core's vectors as Spark reads them. Nothing is copied: strings are views of the vector's bytes,
 * good until the batch is filled again, which is what Spark expects of a columnar reader.
 *
 * <p>A vector grows by taking a new array, so the arrays are looked up again with each batch.
 */
public final class SparkVectors {
  private final View[] views;
  private final ColumnarBatch columns;

  /** Views of the batch's vectors, which stay the batch's. */
  public SparkVectors(ColumnBatch batch) {
    List<Column> layout = batch.layout().columns();
    views = new View[layout.size()];
    for (int i = 0; i < views.length; i++) {
      views[i] = view(layout.get(i).type(), batch.vector(i));
    }
    columns = new ColumnarBatch(views);
  }

  /** The first rows of the batch as it is now. */
  public ColumnarBatch show(int rows) {
    for (View view : views) {
      view.refresh();
    }
    columns.setNumRows(rows);
    return columns;
  }

  private static View view(ColumnType type, ColumnVector vector) {
    return switch (type.kind()) {
      case BOOLEAN -> new Booleans(type, (BooleanVector) vector);
      case INT, DATE, FLOAT -> new Ints(type, (IntVector) vector);
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> new Longs(type, (LongVector) vector);
      case DOUBLE -> new Doubles(type, (DoubleVector) vector);
      case STRING, BINARY -> new Bytes(type, (BytesVector) vector);
      case DECIMAL ->
          vector instanceof LongVector longs
              ? new Longs(type, longs)
              : new Bytes(type, (BytesVector) vector);
      case STRUCT -> new Struct(type, (StructVector) vector);
      case LIST -> new Lists(type, (ListVector) vector);
      case MAP -> new Maps(type, (ListVector) vector);
    };
  }

  private static View[] views(List<Column> members, StructVector struct) {
    View[] views = new View[struct.members()];
    Arrays.setAll(views, i -> view(members.get(i).type(), struct.member(i)));
    return views;
  }

  /** What all have in common; each kind answers the questions that Spark asks of its type. */
  private abstract static class View extends org.apache.spark.sql.vectorized.ColumnVector {
    private final ColumnVector vector;

    View(ColumnType type, ColumnVector vector) {
      super(SparkTypes.of(type));
      this.vector = vector;
    }

    abstract void refresh();

    @Override
    public final boolean hasNull() {
      return vector.nullCount() > 0;
    }

    @Override
    public final int numNulls() {
      return vector.nullCount();
    }

    @Override
    public final boolean isNullAt(int row) {
      return vector.isNull(row);
    }

    /** The memory is the reader's, who uses it again. */
    @Override
    public final void close() {}

    private UnsupportedOperationException wrongType() {
      return new UnsupportedOperationException("asked of a column of type " + type);
    }

    @Override
    public boolean getBoolean(int row) {
      throw wrongType();
    }

    @Override
    public byte getByte(int row) {
      throw wrongType();
    }

    @Override
    public short getShort(int row) {
      throw wrongType();
    }

    @Override
    public int getInt(int row) {
      throw wrongType();
    }

    @Override
    public long getLong(int row) {
      throw wrongType();
    }

    @Override
    public float getFloat(int row) {
      throw wrongType();
    }

    @Override
    public double getDouble(int row) {
      throw wrongType();
    }

    @Override
    public ColumnarArray getArray(int row) {
      throw wrongType();
    }

    @Override
    public ColumnarMap getMap(int row) {
      throw wrongType();
    }

    @Override
    public Decimal getDecimal(int row, int precision, int scale) {
      throw wrongType();
    }

    @Override
    public UTF8String getUTF8String(int row) {
      throw wrongType();
    }

    @Override
    public byte[] getBinary(int row) {
      throw wrongType();
    }

    @Override
    public org.apache.spark.sql.vectorized.ColumnVector getChild(int place) {
      throw wrongType();
    }
  }

  private static final class Booleans extends View {
    private final BooleanVector vector;
    private boolean[] values;

    Booleans(ColumnType type, BooleanVector vector) {
      super(type, vector);
      this.vector = vector;
    }

    @Override
    void refresh() {
      values = vector.values();
    }

    @Override
    public boolean getBoolean(int row) {
      return values[row];
    }
  }

  /** INT and DATE, and FLOAT as raw bits. */
  private static final class Ints extends View {
    private final IntVector vector;
    private int[] values;

    Ints(ColumnType type, IntVector vector) {
      super(type, vector);
      this.vector = vector;
    }

    @Override
    void refresh() {
      values = vector.values();
    }

    @Override
    public int getInt(int row) {
      return values[row];
    }

    @Override
    public float getFloat(int row) {
      return Float.intBitsToFloat(values[row]);
    }
  }

  /** LONG, both timestamps, and DECIMAL of up to 18 digits. */
  private static final class Longs extends View {
    private final LongVector vector;
    private long[] values;

    Longs(ColumnType type, LongVector vector) {
      super(type, vector);
      this.vector = vector;
    }

    @Override
    void refresh() {
      values = vector.values();
    }

    @Override
    public long getLong(int row) {
      return values[row];
    }

    @Override
    public Decimal getDecimal(int row, int precision, int scale) {
      return isNullAt(row) ? null : Decimal.createUnsafe(values[row], precision, scale);
    }
  }

  private static final class Doubles extends View {
    private final DoubleVector vector;
    private double[] values;

    Doubles(ColumnType type, DoubleVector vector) {
      super(type, vector);
      this.vector = vector;
    }

    @Override
    void refresh() {
      values = vector.values();
    }

    @Override
    public double getDouble(int row) {
      return values[row];
    }
  }

  /** STRING and BINARY, and DECIMAL of more than 18 digits. */
  private static final class Bytes extends View {
    private final BytesVector vector;
    private byte[] data;
    private int[] ends;

    Bytes(ColumnType type, BytesVector vector) {
      super(type, vector);
      this.vector = vector;
    }

    @Override
    void refresh() {
      data = vector.data();
      ends = vector.ends();
    }

    @Override
    public UTF8String getUTF8String(int row) {
      if (isNullAt(row)) {
        return null;
      }
      int start = row == 0 ? 0 : ends[row - 1];
      return UTF8String.fromBytes(data, start, ends[row] - start);
    }

    /** A copy, because Spark wants an array of just these bytes. */
    @Override
    public byte[] getBinary(int row) {
      if (isNullAt(row)) {
        return null;
      }
      return Arrays.copyOfRange(data, row == 0 ? 0 : ends[row - 1], ends[row]);
    }

    @Override
    public Decimal getDecimal(int row, int precision, int scale) {
      if (isNullAt(row)) {
        return null;
      }
      int start = row == 0 ? 0 : ends[row - 1];
      BigInteger unscaled = new BigInteger(data, start, ends[row] - start);
      return Decimal.apply(new BigDecimal(unscaled, scale), precision, scale);
    }
  }

  private static final class Struct extends View {
    private final View[] members;

    Struct(ColumnType type, StructVector vector) {
      super(type, vector);
      members = views(type.members(), vector);
    }

    @Override
    void refresh() {
      for (View member : members) {
        member.refresh();
      }
    }

    @Override
    public org.apache.spark.sql.vectorized.ColumnVector getChild(int place) {
      return members[place];
    }
  }

  private static final class Lists extends View {
    private final ListVector vector;
    private final View items;
    private int[] ends;

    Lists(ColumnType type, ListVector vector) {
      super(type, vector);
      this.vector = vector;
      items = view(type.element(), vector.items());
    }

    @Override
    void refresh() {
      ends = vector.ends();
      items.refresh();
    }

    @Override
    public ColumnarArray getArray(int row) {
      if (isNullAt(row)) {
        return null;
      }
      int start = row == 0 ? 0 : ends[row - 1];
      return new ColumnarArray(items, start, ends[row] - start);
    }

    @Override
    public org.apache.spark.sql.vectorized.ColumnVector getChild(int place) {
      return items;
    }
  }

  private static final class Maps extends View {
    private final ListVector vector;
    private final View[] keyAndValue;
    private int[] ends;

    Maps(ColumnType type, ListVector vector) {
      super(type, vector);
      this.vector = vector;
      keyAndValue = views(type.members(), (StructVector) vector.items());
    }

    @Override
    void refresh() {
      ends = vector.ends();
      keyAndValue[0].refresh();
      keyAndValue[1].refresh();
    }

    @Override
    public ColumnarMap getMap(int row) {
      if (isNullAt(row)) {
        return null;
      }
      int start = row == 0 ? 0 : ends[row - 1];
      return new ColumnarMap(keyAndValue[0], keyAndValue[1], start, ends[row] - start);
    }

    @Override
    public org.apache.spark.sql.vectorized.ColumnVector getChild(int place) {
      return keyAndValue[place];
    }
  }
}
