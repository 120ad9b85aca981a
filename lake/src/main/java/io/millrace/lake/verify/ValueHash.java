package io.millrace.lake.verify;

import io.millrace.core.manifest.PayloadHash;
import java.math.BigInteger;

/** Hashes single column values so that equal ones on both sides give equal numbers. */
final class ValueHash {
  /** 2^64 divided by the golden ratio, odd: spreads consecutive numbers. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  static final long NULL = mix(0x6e756c6cL);

  /** What a struct's members are added to, by {@link #of} with their places. */
  static final long STRUCT = mix(0x737472756374L);

  private static final long LIST = 0x6c69737400000000L;
  private static final long MAP = 0x6d61700000000000L;
  private static final long ENTRY = mix(0x656e747279L);

  private ValueHash() {}

  /** What ties a value to its row. */
  static long row(int partition, long offset) {
    return mix(mix(partition * GOLDEN + 1) + offset);
  }

  /** The share of one column in the sums; also of a part in a nested value. */
  static long of(long row, int column, long value) {
    return mix(row ^ mix(value + (column + 1) * GOLDEN));
  }

  /** Booleans as 0 and 1, dates as days, timestamps as microseconds. */
  static long value(long value) {
    return mix(value);
  }

  static long value(double value) {
    return mix(Double.doubleToLongBits(value));
  }

  static long value(float value) {
    return mix(Float.floatToIntBits(value));
  }

  /** A decimal, by what it is at its column's scale. */
  static long value(BigInteger unscaled) {
    if (unscaled.bitLength() < Long.SIZE) {
      return mix(unscaled.longValue());
    }
    byte[] bytes = unscaled.toByteArray();
    return value(bytes, 0, bytes.length);
  }

  /** What a list's items are added to, by {@link #of} with their places. */
  static long list(int items) {
    return mix(LIST + items);
  }

  static long entry(long key, long value) {
    return of(of(ENTRY, 0, key), 1, value);
  }

  /**
   * A map, whatever the order of its entries.
   *
   * @param sum of the entries' hashes
   */
  static long map(int entries, long sum) {
    return of(mix(MAP + entries), 0, sum);
  }

  static long value(byte[] bytes, int offset, int length) {
    return PayloadHash.of(bytes, offset, length);
  }

  /** MurmurHash3's 64-bit finaliser (public domain, Austin Appleby). */
  private static long mix(long x) {
    long h = x;
    h ^= h >>> 33;
    h *= 0xff51afd7ed558ccdL;
    h ^= h >>> 33;
    h *= 0xc4ceb9fe1a85ec53L;
    h ^= h >>> 33;
    return h;
  }
}
