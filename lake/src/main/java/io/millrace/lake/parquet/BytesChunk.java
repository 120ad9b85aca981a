package io.millrace.lake.parquet;

import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnVector;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * A STRING, BINARY or (of one length) long DECIMAL column. Starts with a dictionary, unless the
 * hints know better, and goes over to plain values as soon as the dictionary does not pay: after a
 * small sample of mostly different values, or when the dictionary has grown too large.
 */
final class BytesChunk extends ColumnChunk {
  private static final int[] EMPTY = {};

  /** parquet-java's default size of a dictionary page. */
  private static final int MOST_DICTIONARY_BYTES = 1024 * 1024;

  private static final int MOST_ENTRIES = 64 * 1024;

  /** Values after which the dictionary has to show that it pays. */
  private static final int SAMPLE = 2048;

  private final EncodingHints hints;
  private final String name;

  /** Whether all values have the type's length, which is then not written. */
  private final boolean fixed;

  private final BytesBounds bounds;
  private final ByteSink plain = new ByteSink();
  private BytesDictionary dictionary;
  private boolean dictionaryOpen;
  private boolean dictionaryUsed;
  private int[] indices = EMPTY;
  private int indexCount;

  /** Bytes that the chunk's values so far, and the page's, would take plainly. */
  private long chunkPlainBytes;

  private long pagePlainBytes;
  private long sampled;

  BytesChunk(ColumnDescriptor descriptor, PageBuffers buffers, EncodingHints hints) {
    super(descriptor, buffers);
    this.hints = hints;
    name = name();
    fixed = type().getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
    bounds = fixed ? BytesBounds.signed() : BytesBounds.unsigned();
    start();
  }

  /** Bounds of the whole file. */
  BytesBounds bounds() {
    return bounds;
  }

  private void start() {
    dictionaryOpen = hints.tryDictionary(name);
    dictionary = dictionaryOpen ? new BytesDictionary() : null;
    dictionaryUsed = false;
    indices = EMPTY;
    chunkPlainBytes = 0;
    sampled = 0;
  }

  @Override
  int pageEnd(ColumnVector vector, int from, int to) {
    BytesVector bytes = (BytesVector) vector;
    int[] ends = bytes.ends();
    long most = bytes.start(from) + (PAGE_BYTES - Math.min(PAGE_BYTES, pagePlainBytes));
    if (dictionaryOpen) {
      // Stops often enough to look at the sample, and never far above the largest dictionary.
      int stop = Math.min(to, from + SAMPLE);
      return ends[stop - 1] <= bytes.start(from) + PAGE_BYTES ? stop : from + 1;
    }
    if (ends[to - 1] <= most) {
      return to;
    }
    int place = Arrays.binarySearch(ends, from, to, (int) Math.min(Integer.MAX_VALUE, most));
    int end = place >= 0 ? place + 1 : -place - 1;
    return Math.max(from + 1, end);
  }

  @Override
  boolean pageIsFull() {
    if (dictionaryOpen && (sampled >= SAMPLE || tooLarge()) && !pays()) {
      closeDictionary();
    }
    return !dictionaryOpen && (indexCount > 0 || plain.size >= PAGE_BYTES);
  }

  @Override
  void addValues(ColumnVector vector, int from, int to) {
    BytesVector bytes = (BytesVector) vector;
    if (dictionaryOpen) {
      addIndices(bytes, from, to);
    } else if (fixed) {
      addFixed(bytes, from, to);
    } else {
      addPlain(bytes, from, to);
    }
  }

  private void addPlain(BytesVector bytes, int from, int to) {
    byte[] data = bytes.data();
    int[] ends = bytes.ends();
    int start = bytes.start(from);
    plain.require(ends[to - 1] - start + (to - from) * (long) Integer.BYTES);
    for (int row = from; row < to; row++) {
      int end = ends[row];
      plain.putInt(end - start);
      plain.putBytes(data, start, end - start);
      bounds.update(data, start, end);
      start = end;
    }
    pagePlainBytes = plain.size;
  }

  private void addFixed(BytesVector bytes, int from, int to) {
    byte[] data = bytes.data();
    int start = bytes.start(from);
    int end = bytes.ends()[to - 1];
    int length = type().getTypeLength();
    plain.putBytes(data, start, end - start);
    for (int at = start; at < end; at += length) {
      bounds.update(data, at, at + length);
    }
    pagePlainBytes = plain.size;
  }

  private void addIndices(BytesVector bytes, int from, int to) {
    int length = to - from;
    if (indexCount + length > indices.length) {
      indices = Arrays.copyOf(indices, grown(indices.length, indexCount + length));
    }
    byte[] data = bytes.data();
    int[] ends = bytes.ends();
    int first = bytes.start(from);
    int start = first;
    for (int row = from; row < to; row++) {
      int end = ends[row];
      indices[indexCount++] = dictionary.add(data, start, end);
      start = end;
    }
    pagePlainBytes += start - first + (long) length * Integer.BYTES;
    chunkPlainBytes += start - first + (long) length * Integer.BYTES;
    sampled += length;
  }

  private boolean tooLarge() {
    return dictionary.dataBytes() > MOST_DICTIONARY_BYTES || dictionary.entries() > MOST_ENTRIES;
  }

  private boolean pays() {
    if (tooLarge()) {
      return false;
    }
    long dictionaryBytes = dictionary.dataBytes() + (long) dictionary.entries() * Integer.BYTES;
    long indexBytes = sampled * RleEncoding.width(dictionary.entries() - 1) / Byte.SIZE;
    return dictionaryBytes + indexBytes < chunkPlainBytes - chunkPlainBytes / 4;
  }

  /** The page in the making becomes plain, unless that would make it much too large. */
  private void closeDictionary() {
    dictionaryOpen = false;
    if (dictionaryUsed || pagePlainBytes > 2L * PAGE_BYTES) {
      return;
    }
    for (int i = 0; i < indexCount; i++) {
      int start = dictionary.start(indices[i]);
      int length = dictionary.end(indices[i]) - start;
      if (!fixed) {
        plain.putInt(length);
      }
      plain.putBytes(dictionary.data(), start, length);
    }
    updateBounds();
    hints.dictionaryFailed(name);
    dictionary = null;
    indices = EMPTY;
    indexCount = 0;
  }

  private void updateBounds() {
    for (int entry = 0; entry < dictionary.entries(); entry++) {
      bounds.update(dictionary.data(), dictionary.start(entry), dictionary.end(entry));
    }
  }

  @Override
  Encoding writeValues(ByteSink sink) {
    if (dictionaryOpen && indexCount > 0 && !dictionaryUsed && !pays()) {
      closeDictionary();
    }
    pagePlainBytes = 0;
    if (indexCount > 0) {
      int width = RleEncoding.width(dictionary.entries() - 1);
      sink.putByte(width);
      RleEncoding.encode(indices, indexCount, width, sink);
      indexCount = 0;
      dictionaryUsed = true;
      return Encoding.PLAIN_DICTIONARY;
    }
    sink.putBytes(plain.bytes, 0, plain.size);
    plain.clear();
    return Encoding.PLAIN;
  }

  @Override
  int writeDictionary(ByteSink sink) {
    if (!dictionaryUsed) {
      return 0;
    }
    if (fixed) {
      dictionary.writeFixed(sink);
    } else {
      dictionary.writePlain(sink);
    }
    return dictionary.entries();
  }

  @Override
  Statistics<?> endChunk(long nullCount) {
    if (dictionary != null) {
      updateBounds();
    }
    plain.release();
    start();
    return bounds.endChunk(type(), nullCount);
  }

  @Override
  long pendingBytes() {
    return plain.capacity()
        + (long) indices.length * Integer.BYTES
        + bounds.memory()
        + (dictionary == null ? 0 : dictionary.memory());
  }
}
