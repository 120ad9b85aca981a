package io.millrace.core.column;

import java.util.Arrays;

/** Values of an INT or DATE column, or of a FLOAT column as raw bits. */
public final class IntVector extends ColumnVector {
  private int[] values = new int[FIRST_CAPACITY];

  IntVector() {}

  /** Appends a value. */
  public void append(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, grown(size, size + 1L));
    }
    values[size++] = value;
  }

  /** The values of all rows; longer than the rows. */
  public int[] values() {
    return values;
  }

  void set(int row, int value) {
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
    return Integer.BYTES;
  }
}
