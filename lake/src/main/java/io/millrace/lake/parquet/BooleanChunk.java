package io.millrace.lake.parquet;

import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.ColumnVector;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.BooleanStatistics;
import org.apache.parquet.column.statistics.Statistics;

/** A BOOLEAN column: one bit a value. */
final class BooleanChunk extends ColumnChunk {
  private static final boolean[] EMPTY = {};

  private boolean[] values = EMPTY;
  private int count;
  private boolean seenFalse;
  private boolean seenTrue;

  BooleanChunk(ColumnDescriptor descriptor, PageBuffers buffers) {
    super(descriptor, buffers);
  }

  @Override
  void addValues(ColumnVector vector, int from, int to) {
    int length = to - from;
    if (count + length > values.length) {
      values = Arrays.copyOf(values, grown(values.length, count + length));
    }
    System.arraycopy(((BooleanVector) vector).values(), from, values, count, length);
    count += length;
  }

  @Override
  Encoding writeValues(ByteSink sink) {
    for (int i = 0; i < count; i += Byte.SIZE) {
      int bits = 0;
      for (int k = i; k < Math.min(count, i + Byte.SIZE); k++) {
        bits |= (values[k] ? 1 : 0) << (k - i);
        seenTrue |= values[k];
        seenFalse |= !values[k];
      }
      sink.putByte(bits);
    }
    count = 0;
    return Encoding.PLAIN;
  }

  @Override
  int writeDictionary(ByteSink sink) {
    return 0;
  }

  @Override
  Statistics<?> endChunk(long nullCount) {
    BooleanStatistics statistics =
        (BooleanStatistics) Statistics.getBuilderForReading(type()).withNumNulls(nullCount).build();
    if (seenTrue || seenFalse) {
      statistics.setMinMax(!seenFalse, seenTrue);
    }
    values = EMPTY;
    seenTrue = false;
    seenFalse = false;
    return statistics;
  }

  @Override
  long pendingBytes() {
    return values.length;
  }
}
