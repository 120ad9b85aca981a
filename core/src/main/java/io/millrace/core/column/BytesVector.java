package io.millrace.core.column;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Values of a STRING, BINARY or long DECIMAL column: all bytes in one array, value after value, and
 * where each ends. Strings are valid UTF-8.
 */
public final class BytesVector extends ColumnVector {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  private byte[] data = new byte[FIRST_CAPACITY];
  private int[] ends = new int[FIRST_CAPACITY];
  private int dataSize;

  BytesVector() {}

  /** Appends a value, {@code length} bytes of {@code source} from {@code offset}. */
  public void append(byte[] source, int offset, int length) {
    reserve(length);
    System.arraycopy(source, offset, data, dataSize, length);
    dataSize += length;
    appendEnd(dataSize);
  }

  /**
   * Appends a value if it is ASCII, else nothing, and says which. Looks at the bytes while it
   * copies them: most texts are short, and a call for each of the two costs more than the work.
   */
  public boolean appendIfAscii(byte[] source, int offset, int length) {
    reserve(length);
    if (!copyAscii(source, offset, data, dataSize, length)) {
      return false;
    }
    dataSize += length;
    appendEnd(dataSize);
    return true;
  }

  private static boolean copyAscii(byte[] source, int from, byte[] target, int to, int length) {
    int last = length - Long.BYTES;
    if (last < 0) {
      int all = 0;
      for (int i = 0; i < length; i++) {
        byte b = source[from + i];
        target[to + i] = b;
        all |= b;
      }
      return all >= 0;
    }
    long all = 0;
    for (int i = 0; i < last; i += Long.BYTES) {
      long word = (long) LONGS.get(source, from + i);
      LONGS.set(target, to + i, word);
      all |= word;
    }
    // The last eight bytes overlap those before.
    long word = (long) LONGS.get(source, from + last);
    LONGS.set(target, to + last, word);
    return ((all | word) & HIGH_BITS) == 0;
  }

  private void reserve(int length) {
    int end = dataSize + length;
    if (end < 0 || end > data.length) {
      data = Arrays.copyOf(data, grown(data.length, (long) dataSize + length));
    }
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
    dataSize = start(size);
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
