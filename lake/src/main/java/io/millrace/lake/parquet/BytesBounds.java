package io.millrace.lake.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.column.statistics.BinaryStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Smallest and largest value of a column of bytes, for the row group and for the whole file: by
 * unsigned bytes, which for UTF-8 is the order of code points, or for DECIMALs of one length as
 * signed numbers.
 */
final class BytesBounds {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** What to turn a value's first eight bytes with, to a long of the same order. */
  private final long turn;

  private byte[] chunkMin;
  private byte[] chunkMax;
  private long minKey = Long.MAX_VALUE;
  private long maxKey = Long.MIN_VALUE;
  private byte[] fileMin;
  private byte[] fileMax;

  private BytesBounds(long turn) {
    this.turn = turn;
  }

  static BytesBounds unsigned() {
    return new BytesBounds(Long.MIN_VALUE);
  }

  static BytesBounds signed() {
    return new BytesBounds(0);
  }

  void update(byte[] data, int from, int to) {
    if (to - from >= Long.BYTES) {
      // Most values lie strictly between the bounds by their first eight bytes alone.
      long key = (long) LONGS.get(data, from) ^ turn;
      if (key > minKey && key < maxKey) {
        return;
      }
    }
    updateSlowly(data, from, to);
  }

  private void updateSlowly(byte[] data, int from, int to) {
    if (chunkMin == null || compare(data, from, to, chunkMin) < 0) {
      chunkMin = Arrays.copyOfRange(data, from, to);
      minKey = key(chunkMin);
    }
    if (chunkMax == null || compare(data, from, to, chunkMax) > 0) {
      chunkMax = Arrays.copyOfRange(data, from, to);
      maxKey = key(chunkMax);
    }
  }

  private int compare(byte[] data, int from, int to, byte[] bound) {
    if (turn == 0 && (data[from] ^ bound[0]) < 0) {
      return data[from] < 0 ? -1 : 1;
    }
    return Arrays.compareUnsigned(data, from, to, bound, 0, bound.length);
  }

  /** The first eight bytes, zeros where there are fewer, as a long of the same order. */
  private long key(byte[] value) {
    return (long) LONGS.get(Arrays.copyOf(value, Long.BYTES), 0) ^ turn;
  }

  /** The file's smallest value; null where there is none. */
  byte[] min() {
    return fileMin;
  }

  /** The file's largest value; null where there is none. */
  byte[] max() {
    return fileMax;
  }

  long memory() {
    return chunkMin == null ? 0 : chunkMin.length + chunkMax.length;
  }

  /** The row group's statistics; the next row group starts afresh. */
  Statistics<?> endChunk(PrimitiveType type, long nullCount) {
    BinaryStatistics statistics = (BinaryStatistics) Statistics.getBuilderForReading(type).build();
    statistics.setNumNulls(nullCount);
    if (chunkMin != null) {
      statistics.setMinMax(
          Binary.fromConstantByteArray(chunkMin), Binary.fromConstantByteArray(chunkMax));
      if (fileMin == null || compare(chunkMin, 0, chunkMin.length, fileMin) < 0) {
        fileMin = chunkMin;
      }
      if (fileMax == null || compare(chunkMax, 0, chunkMax.length, fileMax) > 0) {
        fileMax = chunkMax;
      }
    }
    chunkMin = null;
    chunkMax = null;
    minKey = Long.MAX_VALUE;
    maxKey = Long.MIN_VALUE;
    return statistics;
  }
}
