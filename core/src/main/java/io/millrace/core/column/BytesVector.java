package io.millrace.core.column;

import java.util.Arrays;

/**
 * Values of a STRING or BINARY column: all bytes in one array, value after value, and where each
 * ends. Strings are valid UTF-8.
 */
public final class BytesVector extends ColumnVector {
  private byte[] data = new byte[FIRST_CAPACITY];
  private int[] ends = new int[FIRST_CAPACITY];
  private int dataSize;

  BytesVector() {}

  /** Appends a value, {@code length} bytes of {@code source} from {@code offset}. */
  public void append(byte[] source, int offset, int length) {
    int end = dataSize + length;
    if (end < 0 || end > data.length) {
      data = Arrays.copyOf(data, grown(data.length, (long) dataSize + length));
    }
    System.arraycopy(source, offset, data, dataSize, length);
    dataSize = end;
    appendEnd(end);
  }

  /** The bytes of all values. */
  public byte[] data() {
    return data;
  }

  /**
   * For each row the index in {@link #data} after its last byte; its first is where the row before
   * ends.
   */
  public int[] ends() {
    return ends;
  }

  /** Index of the row's first byte. */
  public int start(int row) {
    return row == 0 ? 0 : ends[row - 1];
  }

  private void appendEnd(int end) {
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, grown(size, size + 1L));
    }
    ends[size++] = end;
  }

  @Override
  void appendZero() {
    appendEnd(dataSize);
  }

  @Override
  void resize(int newSize) {
    throw new IllegalStateException("Rows of variable length can't be set by number");
  }

  @Override
  void truncate(int newSize) {
    super.truncate(newSize);
    dataSize = start(newSize);
  }

  @Override
  void truncateValues(int newSize) {
    size = newSize;
    dataSize = start(newSize);
  }

  @Override
  void move(int from, int to) {
    if (from == to) {
      return;
    }
    // ends[from - 1] is still untouched here: rows move down and in ascending order.
    int start = start(from);
    int length = ends[from] - start;
    int target = start(to);
    System.arraycopy(data, start, data, target, length);
    ends[to] = target + length;
  }

  @Override
  int fixedBytes() {
    return Integer.BYTES;
  }

  @Override
  long variableBytes() {
    return dataSize;
  }
}
