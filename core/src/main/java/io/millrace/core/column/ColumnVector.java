package io.millrace.core.column;

import java.util.Arrays;

/**
 * The values of one column for the rows of a {@link ColumnBatch}, or of one part of a nested
 * column: a primitive array that grows by doubling, and flags for nulls that cost nothing until the
 * first null. A null's place in the primitive array holds zero (in a {@link BytesVector} no bytes).
 *
 * <p>The arrays handed out are the vector's own, valid until the next append, and for reading only.
 * Not thread-safe.
 */
public abstract sealed class ColumnVector
    permits BooleanVector,
        BytesVector,
        DoubleVector,
        IntVector,
        ListVector,
        LongVector,
        StructVector {
  static final int FIRST_CAPACITY = 1024;

  /** Largest array that every JVM can allocate. */
  static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;

  private static final boolean[] NO_NULLS = {};

  int size;
  private boolean[] nulls = NO_NULLS;
  private int nullCount;

  /** Values appended, nulls included. */
  public final int size() {
    return size;
  }

  public final int nullCount() {
    return nullCount;
  }

  public final boolean isNull(int row) {
    return row < nulls.length && nulls[row];
  }

  /** Appends a null. */
  public final void appendNull() {
    int row = size;
    appendZero();
    if (row >= nulls.length) {
      nulls = Arrays.copyOf(nulls, grown(nulls.length, row + 1));
    }
    nulls[row] = true;
    nullCount++;
  }

  abstract void appendZero();

  /** Makes room for rows that are set by number, and counts them as present. */
  abstract void resize(int newSize);

  /** Moves a row's value to a place at or before it; the null flag is moved by the caller. */
  abstract void move(int from, int to);

  /** Bytes a value takes beside its variable part. */
  abstract int fixedBytes();

  /** Bytes of the variable part of all values. */
  long variableBytes() {
    return 0;
  }

  /** Bytes all values take. */
  final long bytes() {
    return (long) fixedBytes() * size + variableBytes();
  }

  /** Forgets values from this one on, also those of parts whose row is not complete. */
  void truncate(int newSize) {
    if (nullCount > 0) {
      for (int row = newSize; row < Math.min(size, nulls.length); row++) {
        if (nulls[row]) {
          nulls[row] = false;
          nullCount--;
        }
      }
    }
    size = Math.min(size, newSize);
  }

  final void retain(int[] rows, int count) {
    retainValues(rows, count);
    if (nullCount > 0) {
      int kept = 0;
      for (int i = 0; i < Math.min(count, nulls.length); i++) {
        boolean isNull = isNull(rows[i]);
        nulls[i] = isNull;
        kept += isNull ? 1 : 0;
      }
      Arrays.fill(nulls, Math.min(count, nulls.length), Math.min(size, nulls.length), false);
      nullCount = kept;
    }
    truncateValues(count);
  }

  void retainValues(int[] rows, int count) {
    for (int i = 0; i < count; i++) {
      move(rows[i], i);
    }
  }

  /** Cuts the values alone; the null flags are right already. */
  void truncateValues(int newSize) {
    size = newSize;
  }

  /** Double the capacity, at least {@code needed}. */
  static int grown(int capacity, long needed) {
    if (needed > MAX_CAPACITY) {
      throw new IllegalStateException(
          "A column of one batch holds at most 2 GiB, asked for " + needed + " bytes or rows");
    }
    long doubled = Math.max(2L * capacity, FIRST_CAPACITY);
    return (int) Math.min(MAX_CAPACITY, Math.max(doubled, needed));
  }
}
