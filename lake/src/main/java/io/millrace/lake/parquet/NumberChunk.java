package io.millrace.lake.parquet;

import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.DoubleVector;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.LongVector;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * An INT32, INT64, FLOAT or DOUBLE column. A page's values are gathered as longs (floating ones as
 * their bits), and when the page ends the smallest encoding is taken: differences, where neighbours
 * are near to each other (offsets, times); a dictionary, where few values are far apart; else
 * plain.
 */
final class NumberChunk extends ColumnChunk {
  private static final long[] EMPTY = {};
  private static final int SAMPLES = 1024;

  /** Differences of so few bits are taken without trying a dictionary. */
  private static final int GOOD_BITS = 8;

  private static final int MOST_ENTRIES = 32 * 1024;

  private final PrimitiveTypeName physical;
  private final int width;
  private final boolean floating;
  private final PageBuffers buffers;
  private final EncodingHints hints;
  private final String name;
  private final NumberBounds bounds;
  private long[] values = EMPTY;
  private int count;
  private NumberDictionary dictionary;
  private boolean dictionaryUsed;
  private boolean tryDictionary;

  NumberChunk(ColumnDescriptor descriptor, PageBuffers buffers, EncodingHints hints) {
    super(descriptor, buffers);
    this.buffers = buffers;
    this.hints = hints;
    physical = type().getPrimitiveTypeName();
    width =
        physical == PrimitiveTypeName.INT32 || physical == PrimitiveTypeName.FLOAT
            ? Integer.BYTES
            : Long.BYTES;
    floating = physical == PrimitiveTypeName.DOUBLE || physical == PrimitiveTypeName.FLOAT;
    name = name();
    bounds = NumberBounds.of(physical);
    tryDictionary = hints.tryDictionary(name);
  }

  /** Bounds of the whole file. */
  NumberBounds bounds() {
    return bounds;
  }

  @Override
  void addValues(ColumnVector vector, int from, int to) {
    int length = to - from;
    if (count + length > values.length) {
      values = Arrays.copyOf(values, grown(values.length, count + length));
    }
    if (vector instanceof LongVector longs) {
      System.arraycopy(longs.values(), from, values, count, length);
    } else if (vector instanceof IntVector ints) {
      int[] source = ints.values();
      for (int i = 0; i < length; i++) {
        values[count + i] = source[from + i];
      }
    } else {
      double[] source = ((DoubleVector) vector).values();
      for (int i = 0; i < length; i++) {
        values[count + i] = Double.doubleToRawLongBits(source[from + i]);
      }
    }
    count += length;
  }

  @Override
  Encoding writeValues(ByteSink sink) {
    if (count == 0) {
      return Encoding.PLAIN;
    }
    bounds.update(values, count);
    Encoding encoding = encode(sink);
    count = 0;
    return encoding;
  }

  private Encoding encode(ByteSink sink) {
    long plain = (long) count * width;
    int start = sink.size;
    long delta = Long.MAX_VALUE;
    if (!floating) {
      buffers.delta().encode(values, count, width == Integer.BYTES, sink);
      delta = sink.size - start;
    }
    long best = Math.min(plain, delta);
    if (best > (long) count * GOOD_BITS / Byte.SIZE && dictionaryMayPay()) {
      int[] indices = indices(best);
      if (indices != null) {
        int bits = RleEncoding.width(dictionary.entries() - 1);
        sink.size = start;
        sink.putByte(bits);
        RleEncoding.encode(indices, count, bits, sink);
        dictionaryUsed = true;
        return Encoding.PLAIN_DICTIONARY;
      }
    }
    // Less than a tenth saved is not worth the slower reading.
    if (delta < plain - plain / 10) {
      return Encoding.DELTA_BINARY_PACKED;
    }
    sink.size = start;
    writePlain(values, count, sink);
    return Encoding.PLAIN;
  }

  private boolean dictionaryMayPay() {
    if (!tryDictionary) {
      return false;
    }
    if (dictionary != null) {
      return true;
    }
    dictionary = new NumberDictionary();
    int samples = Math.min(count, SAMPLES);
    for (int i = 0; i < samples; i++) {
      dictionary.add(values[(int) ((long) i * count / samples)]);
    }
    if (dictionary.entries() > samples / 2) {
      giveUpDictionary();
      return false;
    }
    return true;
  }

  private void giveUpDictionary() {
    tryDictionary = false;
    if (!dictionaryUsed) {
      dictionary = null;
      hints.dictionaryFailed(name);
    }
  }

  /** The page as dictionary indices, or null where {@code best} bytes are fewer. */
  private int[] indices(long best) {
    int before = dictionaryUsed ? dictionary.entries() : 0;
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = dictionary.add(values[i]);
      if (dictionary.entries() > MOST_ENTRIES) {
        giveUpDictionary();
        return null;
      }
    }
    long entryBytes = (long) (dictionary.entries() - before) * width;
    long indexBytes = (long) count * RleEncoding.width(dictionary.entries() - 1) / Byte.SIZE;
    if (entryBytes + indexBytes >= best) {
      giveUpDictionary();
      return null;
    }
    return indices;
  }

  private void writePlain(long[] source, int length, ByteSink sink) {
    sink.require((long) length * Long.BYTES + Long.BYTES);
    if (width == Integer.BYTES) {
      for (int i = 0; i < length; i++) {
        sink.putInt((int) source[i]);
      }
    } else {
      for (int i = 0; i < length; i++) {
        sink.putLong(source[i]);
      }
    }
  }

  @Override
  int writeDictionary(ByteSink sink) {
    if (!dictionaryUsed) {
      return 0;
    }
    writePlain(dictionary.values(), dictionary.entries(), sink);
    return dictionary.entries();
  }

  @Override
  Statistics<?> endChunk(long nullCount) {
    Statistics<?> statistics = bounds.endChunk(type(), nullCount);
    values = EMPTY;
    dictionary = null;
    dictionaryUsed = false;
    tryDictionary = hints.tryDictionary(name);
    return statistics;
  }

  @Override
  long pendingBytes() {
    return (long) values.length * Long.BYTES + (dictionary == null ? 0 : dictionary.memory());
  }
}
