package io.millrace.producer.generate;

import io.millrace.core.wire.WireFormat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The record in the making: its bytes so far and the random numbers that belong to it. One per
 * thread, used again for each record; checks nothing but its capacity.
 *
 * <p>The random numbers are SplitMix64 (Steele, Lea, Flood 2014): the state begins at a mix of seed
 * and record number, so any record can be made without those before it.
 */
public final class Draft {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final short[] HEX_PAIRS = hexPairs();
  private static final long UUID_VERSION_4 = 0x4000L;
  private static final long UUID_VARIANT = 0x8000000000000000L;

  byte[] bytes = new byte[512];
  int end;
  int depth;
  int keyStart;
  int keyEnd;
  private final long mixedSeed;
  private final EventTime time;
  private long recordNumber;
  private long state;

  /** A draft whose records begin with the wire-format header of {@code schemaId}. */
  public Draft(long seed, EventTime time, int schemaId) {
    this.mixedSeed = mix(seed + GAMMA);
    this.time = time;
    WireFormat.putHeader(bytes, 0, schemaId);
  }

  void begin(long record) {
    recordNumber = record;
    state = mix(mixedSeed + record * GAMMA);
    end = WireFormat.HEADER_BYTES;
    depth = 0;
  }

  /** The finished record: a fresh array of its exact length. */
  public byte[] copy() {
    return Arrays.copyOf(bytes, end);
  }

  /** Length of the record, wire-format header included. */
  public int length() {
    return end;
  }

  long micros() {
    return time.micros(recordNumber);
  }

  long next() {
    state += GAMMA;
    return mix(state);
  }

  /** Uniform in 0 to {@code bound} - 1; the bias is below bound / 2^64. */
  long below(long bound) {
    return Math.multiplyHigh(next() >>> 1, bound << 1);
  }

  /** Uniform in [0, 1). */
  double unit() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** Goes on with the random numbers that belong to {@code key}; returns what to resume. */
  long divert(long key) {
    long before = state;
    state = mix(mixedSeed ^ key);
    return before;
  }

  void resume(long before) {
    state = before;
  }

  static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  void room(int count) {
    if (bytes.length - end < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end + count));
    }
  }

  void putByte(int value) {
    room(1);
    bytes[end++] = (byte) value;
  }

  void put(byte[] source) {
    room(source.length);
    System.arraycopy(source, 0, bytes, end, source.length);
    end += source.length;
  }

  /** Avro's int and long: zigzag, then seven bits a byte. */
  void putLong(long value) {
    room(10);
    long left = (value << 1) ^ (value >> 63);
    byte[] target = bytes;
    int at = end;
    while ((left & ~0x7FL) != 0) {
      target[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    target[at++] = (byte) left;
    end = at;
  }

  void putFloat(float value) {
    putLittleEndian(Float.floatToIntBits(value), Float.BYTES);
  }

  void putDouble(double value) {
    putLittleEndian(Double.doubleToLongBits(value), Double.BYTES);
  }

  private void putLittleEndian(long value, int count) {
    room(count);
    for (int i = 0; i < count; i++) {
      bytes[end++] = (byte) (value >>> (8 * i));
    }
  }

  void putRandomBytes(int count) {
    room(count + Long.BYTES);
    for (int i = 0; i < count; i += Long.BYTES) {
      long random = next();
      for (int j = 0; j < Long.BYTES; j++) {
        bytes[end + i + j] = (byte) (random >>> (8 * j));
      }
    }
    end += count;
  }

  /** The 36 characters of a random UUID (RFC 9562, version 4), without a length before them. */
  void putUuidText() {
    room(36);
    long high = (next() & ~0xF000L) | UUID_VERSION_4;
    long low = (next() >>> 2) | UUID_VARIANT;
    int at = putHex(end, high, 56, 4);
    bytes[at++] = '-';
    at = putHex(at, high, 24, 2);
    bytes[at++] = '-';
    at = putHex(at, high, 8, 2);
    bytes[at++] = '-';
    at = putHex(at, low, 56, 2);
    bytes[at++] = '-';
    end = putHex(at, low, 40, 6);
  }

  private int putHex(int at, long value, int shift, int count) {
    for (int i = 0; i < count; i++) {
      SHORTS.set(bytes, at + 2 * i, HEX_PAIRS[(int) (value >>> (shift - 8 * i)) & 0xFF]);
    }
    return at + 2 * count;
  }

  private static short[] hexPairs() {
    short[] pairs = new short[256];
    for (int i = 0; i < pairs.length; i++) {
      char first = Character.forDigit(i >>> 4, 16);
      char second = Character.forDigit(i & 0xF, 16);
      pairs[i] = (short) (first | second << 8);
    }
    return pairs;
  }
}
