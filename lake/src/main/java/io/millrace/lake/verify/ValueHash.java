package io.millrace.lake.verify;

import io.millrace.core.manifest.PayloadHash;

/** Hashes single column values so that equal ones on both sides give equal numbers. */
final class ValueHash {
  /** 2^64 divided by the golden ratio, odd: spreads consecutive numbers. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  static final long NULL = mix(0x6e756c6cL);

  private ValueHash() {}

  /** What ties a value to its row. */
  static long row(int partition, long offset) {
    return mix(mix(partition * GOLDEN + 1) + offset);
  }

  /** The share of one column in the sums. */
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
