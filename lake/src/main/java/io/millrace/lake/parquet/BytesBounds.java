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
 * Smallest and largest value of a STRING or BINARY column by unsigned bytes, which for UTF-8 is the
 * order of code points; for the row group and for the whole file.
 */
final class BytesBounds {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] chunkMin;
  private byte[] chunkMax;
  private long minKey = Long.MAX_VALUE;
  private long maxKey = Long.MIN_VALUE;
  private byte[] fileMin;
  private byte[] fileMax;

  void update(byte[] data, int from, int to) {
    if (to - from >= Long.BYTES) {
      // Most values lie strictly between the bounds by their first eight bytes alone.
      long key = (long) LONGS.get(data, from) ^ Long.MIN_VALUE;
      if (key > minKey && key < maxKey) {
        return;
      }
    }
    updateSlowly(data, from, to);
  }

  private void updateSlowly(byte[] data, int from, int to) {
    if (chunkMin == null
        || Arrays.compareUnsigned(data, from, to, chunkMin, 0, chunkMin.length) < 0) {
      chunkMin = Arrays.copyOfRange(data, from, to);
      minKey = key(chunkMin);
    }
    if (chunkMax == null
        || Arrays.compareUnsigned(data, from, to, chunkMax, 0, chunkMax.length) > 0) {
      chunkMax = Arrays.copyOfRange(data, from, to);
      maxKey = key(chunkMax);
    }
  }

  /** The first eight bytes, zeros where there are fewer, as a long of the same order. */
  private static long key(byte[] value) {
    return (long) LONGS.get(Arrays.copyOf(value, Long.BYTES), 0) ^ Long.MIN_VALUE;
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
      if (fileMin == null || Arrays.compareUnsigned(chunkMin, fileMin) < 0) {
        fileMin = chunkMin;
      }
      if (fileMax == null || Arrays.compareUnsigned(chunkMax, fileMax) > 0) {
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
