package io.millrace.core.column;

import java.util.Arrays;

/** Values of a BOOLEAN column. */
public final class BooleanVector extends ColumnVector {
  private boolean[] values = new boolean[FIRST_CAPACITY];

  BooleanVector() {}

  /** Appends a value. */
  public void append(boolean value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, grown(size, size + 1L));
    }
    values[size++] = value;
  }

  /** The values of all rows; longer than the rows. */
  public boolean[] values() {
    return values;
  }

  void set(int row, boolean value) {
    values[row] = value;
  }

  @Override
  void appendZero() {
    append(false);
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
    return 1;
  }
}
