package io.millrace.lake.parquet;

import org.apache.parquet.column.statistics.DoubleStatistics;
import org.apache.parquet.column.statistics.FloatStatistics;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Smallest and largest value of a numeric column, for the row group and for the whole file. Floats
 * and doubles come as their bits and are compared in an order of integers that equals theirs, with
 * -0.0 below 0.0; where a NaN was seen there are no bounds, because readers disagree on its place.
 */
final class NumberBounds {
  private final PrimitiveTypeName type;
  private long chunkMin = Long.MAX_VALUE;
  private long chunkMax = Long.MIN_VALUE;
  private boolean chunkNan;
  private long fileMin = Long.MAX_VALUE;
  private long fileMax = Long.MIN_VALUE;
  private boolean fileNan;

  private NumberBounds(PrimitiveTypeName type) {
    this.type = type;
  }

  static NumberBounds of(PrimitiveTypeName type) {
    return new NumberBounds(type);
  }

  void update(long[] values, int count) {
    long min = chunkMin;
    long max = chunkMax;
    if (type == PrimitiveTypeName.DOUBLE) {
      for (int i = 0; i < count; i++) {
        chunkNan |= Double.isNaN(Double.longBitsToDouble(values[i]));
        long key = sortable(values[i]);
        min = Math.min(min, key);
        max = Math.max(max, key);
      }
    } else if (type == PrimitiveTypeName.FLOAT) {
      for (int i = 0; i < count; i++) {
        int bits = (int) values[i];
        chunkNan |= Float.isNaN(Float.intBitsToFloat(bits));
        int key = sortable(bits);
        min = Math.min(min, key);
        max = Math.max(max, key);
      }
    } else {
      for (int i = 0; i < count; i++) {
        min = Math.min(min, values[i]);
        max = Math.max(max, values[i]);
      }
    }
    chunkMin = min;
    chunkMax = max;
  }

  /** Bits of a double to a long of the same order, and back. */
  private static long sortable(long bits) {
    return bits ^ (bits >> 63 & Long.MAX_VALUE);
  }

  /** Bits of a float to an int of the same order, and back. */
  private static int sortable(int bits) {
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  /** Whether {@link #min} and {@link #max} are defined for the file. */
  boolean present() {
    return fileMin <= fileMax && !fileNan;
  }

  long min() {
    return fileMin;
  }

  long max() {
    return fileMax;
  }

  double minDouble() {
    return Double.longBitsToDouble(sortable(fileMin));
  }

  double maxDouble() {
    return Double.longBitsToDouble(sortable(fileMax));
  }

  float minFloat() {
    return Float.intBitsToFloat(sortable((int) fileMin));
  }

  float maxFloat() {
    return Float.intBitsToFloat(sortable((int) fileMax));
  }

  /** The row group's statistics; the next row group starts afresh. */
  Statistics<?> endChunk(PrimitiveType type, long nullCount) {
    Statistics<?> statistics = Statistics.getBuilderForReading(type).build();
    statistics.setNumNulls(nullCount);
    if (chunkMin <= chunkMax && !chunkNan) {
      setBounds(statistics);
    }
    fileMin = Math.min(fileMin, chunkMin);
    fileMax = Math.max(fileMax, chunkMax);
    fileNan |= chunkNan;
    chunkMin = Long.MAX_VALUE;
    chunkMax = Long.MIN_VALUE;
    chunkNan = false;
    return statistics;
  }

  private void setBounds(Statistics<?> statistics) {
    if (statistics instanceof DoubleStatistics wide) {
      // A zero bound must cover both zeros (parquet.thrift, ColumnOrder).
      double min = Double.longBitsToDouble(sortable(chunkMin));
      double max = Double.longBitsToDouble(sortable(chunkMax));
      wide.setMinMax(min == 0 ? -0.0 : min, max == 0 ? 0.0 : max);
    } else if (statistics instanceof FloatStatistics narrow) {
      float min = Float.intBitsToFloat(sortable((int) chunkMin));
      float max = Float.intBitsToFloat(sortable((int) chunkMax));
      narrow.setMinMax(min == 0 ? -0.0f : min, max == 0 ? 0.0f : max);
    } else if (statistics instanceof IntStatistics ints) {
      ints.setMinMax((int) chunkMin, (int) chunkMax);
    } else {
      ((LongStatistics) statistics).setMinMax(chunkMin, chunkMax);
    }
  }
}
