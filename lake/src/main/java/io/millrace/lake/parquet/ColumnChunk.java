package io.millrace.lake.parquet;

import io.millrace.core.column.ColumnVector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.PrimitiveType;

/**
 * One column of the row group in the making: gathers rows into pages, keeps the compressed pages
 * until the row group is written, and the bounds of the whole file for Delta's statistics. Lives as
 * long as the file. Subclasses encode the values.
 */
abstract class ColumnChunk {
  /** Rows of a page; with eight bytes a value half of Parquet's usual page size. */
  static final int PAGE_ROWS = 64 * 1024;

  /** Bytes of values at which a page ends: parquet-java's default page size. */
  static final int PAGE_BYTES = 1024 * 1024;

  private static final boolean[] NO_NULLS = {};

  private record Page(int rows, int bytes, byte[] compressed, Encoding encoding) {}

  private final ColumnDescriptor descriptor;
  private final PageBuffers buffers;
  private final List<Page> pages = new ArrayList<>();
  private long compressedBytes;
  private int pageRows;
  private int pageNulls;
  private boolean[] nulls = NO_NULLS;
  private long chunkRows;
  private long chunkNulls;
  private long fileNulls;

  ColumnChunk(ColumnDescriptor descriptor, PageBuffers buffers) {
    this.descriptor = descriptor;
    this.buffers = buffers;
  }

  final PrimitiveType type() {
    return descriptor.getPrimitiveType();
  }

  final long fileNulls() {
    return fileNulls;
  }

  /** Rows of the page in the making. */
  final int pageRows() {
    return pageRows;
  }

  /** Appends rows {@code [from, to)} of the vector. */
  final void append(ColumnVector vector, int from, int to) throws IOException {
    int row = from;
    while (row < to) {
      int end = pageEnd(vector, row, Math.min(to, row + PAGE_ROWS - pageRows));
      if (vector.nullCount() == 0) {
        addValues(vector, row, end);
      } else {
        addWithNulls(vector, row, end);
      }
      pageRows += end - row;
      row = end;
      if (pageRows == PAGE_ROWS || pageIsFull()) {
        endPage();
      }
    }
  }

  private void addWithNulls(ColumnVector vector, int from, int to) {
    int row = from;
    while (row < to) {
      int end = row;
      while (end < to && !vector.isNull(end)) {
        end++;
      }
      if (end > row) {
        addValues(vector, row, end);
      }
      row = end;
      while (row < to && vector.isNull(row)) {
        markNull(pageRows + row - from);
        row++;
      }
    }
  }

  private void markNull(int place) {
    if (place >= nulls.length) {
      int capacity = Math.min(PAGE_ROWS, Math.max(place + 1, Math.max(1024, 2 * nulls.length)));
      nulls = Arrays.copyOf(nulls, capacity);
    }
    nulls[place] = true;
    pageNulls++;
  }

  /**
   * Where a page that starts or goes on with row {@code from} should end, more than {@code from}.
   */
  int pageEnd(ColumnVector vector, int from, int to) {
    return to;
  }

  /** Whether the values since the last page are enough for one. */
  boolean pageIsFull() {
    return false;
  }

  /** Takes rows {@code [from, to)}, none of which is null, into the page in the making. */
  abstract void addValues(ColumnVector vector, int from, int to);

  /** Encodes the page's values, empties the page and says which encoding it took. */
  abstract Encoding writeValues(ByteSink sink);

  /** The dictionary's entries, encoded plain; returns how many, 0 where no page refers to them. */
  abstract int writeDictionary(ByteSink sink);

  /** Bounds of the row group, nulls included; and prepares for the next row group. */
  abstract Statistics<?> endChunk(long nullCount);

  /** Bytes held beside the finished pages. */
  abstract long pendingBytes();

  final long bufferedBytes() {
    return compressedBytes + pendingBytes() + nulls.length;
  }

  /** Ends the page in the making, if it has rows. */
  final void endPage() throws IOException {
    if (pageRows == 0) {
      return;
    }
    ByteSink sink = buffers.page();
    sink.clear();
    writeDefinitionLevels(sink);
    Encoding encoding = writeValues(sink);
    byte[] compressed = buffers.codec().compress(sink.bytes, 0, sink.size);
    pages.add(new Page(pageRows, sink.size, compressed, encoding));
    compressedBytes += compressed.length;
    chunkRows += pageRows;
    chunkNulls += pageNulls;
    pageRows = 0;
    pageNulls = 0;
    Arrays.fill(nulls, false);
  }

  /** One bit a row, run-length encoded, behind its length (data page version 1). */
  private void writeDefinitionLevels(ByteSink sink) {
    int lengthAt = sink.size;
    sink.putInt(0);
    if (pageNulls == 0 || pageNulls == pageRows) {
      sink.putVarint((long) pageRows << 1);
      sink.putByte(pageNulls == 0 ? 1 : 0);
    } else {
      int[] levels = new int[pageRows];
      for (int i = 0; i < pageRows; i++) {
        levels[i] = i < nulls.length && nulls[i] ? 0 : 1;
      }
      RleEncoding.encode(levels, pageRows, 1, sink);
    }
    sink.setInt(lengthAt, sink.size - lengthAt - Integer.BYTES);
  }

  /** Writes the chunk of this row group and forgets it. */
  final void flush(ParquetFileWriter file) throws IOException {
    endPage();
    file.startColumn(descriptor, chunkRows, buffers.codec().name());
    ByteSink sink = buffers.page();
    sink.clear();
    int entries = writeDictionary(sink);
    if (entries > 0) {
      byte[] compressed = buffers.codec().compress(sink.bytes, 0, sink.size);
      file.writeDictionaryPage(
          new DictionaryPage(
              BytesInput.from(compressed), sink.size, entries, Encoding.PLAIN_DICTIONARY));
    }
    // parquet-java merges the pages' statistics into the chunk's; the first page brings them all.
    Statistics<?> statistics = endChunk(chunkNulls);
    for (Page page : pages) {
      file.writeDataPage(
          page.rows(),
          page.bytes(),
          BytesInput.from(page.compressed()),
          statistics,
          Encoding.RLE,
          Encoding.RLE,
          page.encoding());
      statistics = Statistics.getBuilderForReading(type()).withNumNulls(0).build();
    }
    file.endColumn();
    fileNulls += chunkNulls;
    pages.clear();
    compressedBytes = 0;
    chunkRows = 0;
    chunkNulls = 0;
    nulls = NO_NULLS;
  }
}
