package io.millrace.core.column;

import java.util.Arrays;

/**
 * Values of a LIST, or of a MAP, whose items are then a {@link StructVector} of key and value: the
 * items of all rows in one vector, and where each row's end.
 *
 * <p>A value is appended by appending its items, then {@link #endValue}.
 */
public final class ListVector extends ColumnVector {
  private final ColumnVector items;
  private int[] ends = new int[FIRST_CAPACITY];

  ListVector(ColumnVector items) {
    this.items = items;
  }

  public ColumnVector items() {
    return items;
  }

  /** For each row the number of the item after its last; its first is where the row before ends. */
  public int[] ends() {
    return ends;
  }

  /** Number of the row's first item. */
  public int start(int row) {
    return row == 0 ? 0 : ends[row - 1];
  }

  /** Completes the value being appended: its items are those appended since the last one. */
  public void endValue() {
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, grown(size, size + 1L));
    }
    ends[size++] = items.size();
  }

  /** Forgets the last item appended; it belongs to the value being appended. */
  public void dropLastItem() {
    items.truncate(items.size() - 1);
  }

  /** Forgets the items of the value being appended. */
  public void restartValue() {
    items.truncate(start(size));
  }

  @Override
  void appendZero() {
    endValue();
  }

  @Override
  void resize(int newSize) {
    throw new IllegalStateException("Rows of variable length can't be set by number");
  }

  @Override
  void truncate(int newSize) {
    super.truncate(newSize);
    items.truncate(start(size));
  }

  @Override
  void retainValues(int[] rows, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      kept += ends[rows[i]] - start(rows[i]);
    }
    int[] keptItems = new int[kept];
    int place = 0;
    for (int i = 0; i < count; i++) {
      // ends[rows[i] - 1] is still untouched here: rows move down and in ascending order.
      int start = start(rows[i]);
      int end = ends[rows[i]];
      for (int item = start; item < end; item++) {
        keptItems[place++] = item;
      }
    }
    int end = 0;
    int start = 0;
    int next = 0;
    for (int i = 0; i < count; i++) {
      while (next < rows[i]) {
        start = ends[next++];
      }
      int stop = ends[next++];
      end += stop - start;
      start = stop;
      ends[i] = end;
    }
    items.retain(keptItems, kept);
  }

  @Override
  void move(int from, int to) {
    throw new IllegalStateException("A list's items move by themselves");
  }

  @Override
  int fixedBytes() {
    return Integer.BYTES;
  }

  @Override
  long variableBytes() {
    return items.bytes();
  }
}
