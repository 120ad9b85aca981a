package io.millrace.core.column;

import java.util.Arrays;

/** Values of a DOUBLE column. */
public final class DoubleVector extends ColumnVector {
  private double[] values = new double[FIRST_CAPACITY];

  DoubleVector() {}

  /** Appends a value. */
  public void append(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, grown(size, size + 1L));
    }
    values[size++] = value;
  }

  /** The values of all rows; longer than the rows. */
  public double[] values() {
    return values;
  }

  void set(int row, double value) {
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
    return Double.BYTES;
  }
}
