package io.millrace.lake.parquet;

/**
 * Parquet's run-length and bit-packing hybrid: runs of equal values as (count, value), the rest
 * packed in groups of eight (parquet-format, Encodings.md, "RLE = 3").
 */
final class RleEncoding {
  private static final int GROUP = 8;

  private RleEncoding() {}

  /** Bits that hold every value from 0 to {@code max}. */
  static int width(int max) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(max);
  }

  /** Encodes {@code values[0..count)}, each of at most {@code width} bits. */
  static void encode(int[] values, int count, int width, ByteSink sink) {
    int literals = 0;
    int i = 0;
    while (i < count) {
      int value = values[i];
      int end = i + 1;
      while (end < count && values[end] == value) {
        end++;
      }
      if (end - i >= GROUP) {
        pack(values, literals, i, width, sink);
        sink.putVarint((long) (end - i) << 1);
        sink.putLowBytes(value, (width + 7) / 8);
        i = end;
        literals = end;
      } else {
        // A run starts only where the groups before it are full.
        i += GROUP;
      }
    }
    pack(values, literals, count, width, sink);
  }

  private static void pack(int[] values, int from, int to, int width, ByteSink sink) {
    if (from == to) {
      return;
    }
    int groups = (to - from + GROUP - 1) / GROUP;
    sink.putVarint((long) groups << 1 | 1);
    int bytes = groups * width;
    sink.require(bytes + Long.BYTES);
    int end = sink.size + bytes;
    long pending = 0;
    int bits = 0;
    for (int i = from; i < to; i++) {
      pending |= (long) values[i] << bits;
      bits += width;
      if (bits >= Integer.SIZE) {
        sink.putInt((int) pending);
        pending >>>= Integer.SIZE;
        bits -= Integer.SIZE;
      }
    }
    sink.putLong(pending);
    // The last group is filled up with zeros; what was written beyond it is overwritten.
    java.util.Arrays.fill(sink.bytes, Math.min(sink.size, end), end, (byte) 0);
    sink.size = end;
  }
}
