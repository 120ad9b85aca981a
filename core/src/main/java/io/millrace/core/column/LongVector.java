package io.millrace.core.column;

import java.util.Arrays;

/** Values of a LONG or timestamp column, or the unscaled ones of a DECIMAL of up to 18 digits. */
public final class LongVector extends ColumnVector {
  private long[] values = new long[FIRST_CAPACITY];

  LongVector() {}

  /** Appends a value. */
  public void append(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, grown(size, size + 1L));
    }
    values[size++] = value;
  }

  /** The values of all rows; longer than the rows. */
  public long[] values() {
    return values;
  }

  void set(int row, long value) {
    values[row] = value;
  }

  @Override
  void appendZero() {
    append(0);
  }

  @Override
  void resize(int newSize) {
    if (newSize > values.length) {
      values = Arrays.copyOf(values, grown(values.length, newSize));
    }
    size = newSize;
  }

  @Override
  void move(int from, int to) {
    values[to] = values[from];
  }

  @Override
  int fixedBytes() {
    return Long.BYTES;
  }
}
