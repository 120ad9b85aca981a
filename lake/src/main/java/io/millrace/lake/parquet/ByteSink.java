package io.millrace.lake.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing byte array with the little-endian and varint forms that Parquet's encodings use. */
final class ByteSink {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;
  private static final int FIRST_CAPACITY = 4096;
  private static final byte[] EMPTY = {};

  byte[] bytes = EMPTY;
  int size;

  int capacity() {
    return bytes.length;
  }

  void clear() {
    size = 0;
  }

  /** Forgets the content and gives the memory back. */
  void release() {
    bytes = EMPTY;
    size = 0;
  }

  /** Makes room for {@code more} bytes behind {@link #size}. */
  void require(long more) {
    long needed = size + more;
    if (needed > bytes.length) {
      if (needed > MAX_CAPACITY) {
        throw new IllegalStateException("A Parquet page of " + needed + " bytes is too large");
      }
      long capacity = Math.max(FIRST_CAPACITY, Math.max(needed, 2L * bytes.length));
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_CAPACITY, capacity));
    }
  }

  void putByte(int value) {
    require(1);
    bytes[size++] = (byte) value;
  }

  void putInt(int value) {
    require(Integer.BYTES);
    INTS.set(bytes, size, value);
    size += Integer.BYTES;
  }

  void putLong(long value) {
    require(Long.BYTES);
    LONGS.set(bytes, size, value);
    size += Long.BYTES;
  }

  /** The lowest {@code count} bytes of the value. */
  void putLowBytes(long value, int count) {
    require(Long.BYTES);
    LONGS.set(bytes, size, value);
    size += count;
  }

  void setInt(int index, int value) {
    INTS.set(bytes, index, value);
  }

  void putBytes(byte[] source, int offset, int length) {
    require(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /** An unsigned varint (ULEB128). */
  void putVarint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      putByte((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    putByte((int) rest);
  }

  void putZigzag(long value) {
    putVarint((value << 1) ^ (value >> 63));
  }
}
