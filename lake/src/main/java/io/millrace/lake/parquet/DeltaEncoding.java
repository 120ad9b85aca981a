package io.millrace.lake.parquet;

/**
 * Parquet's DELTA_BINARY_PACKED: differences from value to value, less their smallest, bit-packed
 * in miniblocks of 32 (parquet-format, Encodings.md, "DELTA_BINARY_PACKED = 5"). Differences wrap
 * around at the width of the column's type, as in parquet-java.
 */
final class DeltaEncoding {
  private static final int BLOCK = 128;
  private static final int MINIBLOCKS = 4;
  private static final int MINIBLOCK = BLOCK / MINIBLOCKS;

  private final long[] deltas = new long[BLOCK];
  private final int[] widths = new int[MINIBLOCKS];

  /**
   * @param count at least 1
   * @param narrow whether the column is INT32, its values sign-extended
   */
  void encode(long[] values, int count, boolean narrow, ByteSink sink) {
    sink.putVarint(BLOCK);
    sink.putVarint(MINIBLOCKS);
    sink.putVarint(count);
    sink.putZigzag(values[0]);
    for (int from = 1; from < count; from += BLOCK) {
      int length = Math.min(BLOCK, count - from);
      long least = prepare(values, from, length, narrow);
      sink.putZigzag(least);
      for (int width : widths) {
        sink.putByte(width);
      }
      for (int m = 0; m * MINIBLOCK < length; m++) {
        pack(m * MINIBLOCK, widths[m], sink);
      }
    }
  }

  /** Fills {@link #deltas} with the block's differences less their smallest, and the widths. */
  private long prepare(long[] values, int from, int length, boolean narrow) {
    long least = Long.MAX_VALUE;
    if (narrow) {
      for (int i = 0; i < length; i++) {
        long delta = (int) values[from + i] - (int) values[from + i - 1];
        deltas[i] = delta;
        least = Math.min(least, delta);
      }
    } else {
      for (int i = 0; i < length; i++) {
        long delta = values[from + i] - values[from + i - 1];
        deltas[i] = delta;
        least = Math.min(least, delta);
      }
    }
    long mask = narrow ? 0xffffffffL : -1L;
    for (int m = 0; m < MINIBLOCKS; m++) {
      int start = m * MINIBLOCK;
      int end = Math.min(length, start + MINIBLOCK);
      long all = 0;
      for (int i = start; i < end; i++) {
        long rest = (deltas[i] - least) & mask;
        deltas[i] = rest;
        all |= rest;
      }
      for (int i = Math.max(start, end); i < start + MINIBLOCK; i++) {
        deltas[i] = 0;
      }
      widths[m] = Long.SIZE - Long.numberOfLeadingZeros(all);
    }
    return least;
  }

  private void pack(int start, int width, ByteSink sink) {
    if (width == 0) {
      return;
    }
    long pending = 0;
    int bits = 0;
    for (int i = start; i < start + MINIBLOCK; i++) {
      long value = deltas[i];
      pending |= value << bits;
      bits += width;
      if (bits >= Long.SIZE) {
        sink.putLong(pending);
        bits -= Long.SIZE;
        pending = bits == 0 ? 0 : value >>> (width - bits);
      }
    }
    if (bits > 0) {
      sink.putLowBytes(pending, bits / Byte.SIZE);
    }
  }
}
