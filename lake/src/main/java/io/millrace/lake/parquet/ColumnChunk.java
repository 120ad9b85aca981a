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
 * One column of the row group in the making: gathers slots into pages, keeps the compressed pages
 * until the row group is written, and the bounds of the whole file for Delta's statistics. Lives as
 * long as the file. Subclasses encode the values.
 *
 * <p>A slot is a value or a null, in a flat column that is a row. In a nested one an empty list is
 * a slot, too, a row has any number of them, and a page starts with the first of a row.
 */
abstract class ColumnChunk {
  /**
   * Slots of a page, unless one row has more; with eight bytes a value half of Parquet's usual page
   * size.
   */
  static final int PAGE_SLOTS = 64 * 1024;

  /** Bytes of values at which a page ends: parquet-java's default page size. */
  static final int PAGE_BYTES = 1024 * 1024;

  private static final boolean[] NO_NULLS = {};

  private record Page(int slots, int bytes, byte[] compressed, Encoding encoding) {}

  private final ColumnDescriptor descriptor;
  private final PageBuffers buffers;
  private final PageLevels nested;
  private final List<Page> pages = new ArrayList<>();
  private long compressedBytes;
  private int pageSlots;
  private int pageNulls;
  private boolean[] nulls = NO_NULLS;
  private long chunkSlots;
  private long chunkNulls;
  private long fileNulls;

  ColumnChunk(ColumnDescriptor descriptor, PageBuffers buffers) {
    this.descriptor = descriptor;
    this.buffers = buffers;
    nested =
        descriptor.getPath().length == 1
            ? null
            : new PageLevels(
                descriptor.getMaxRepetitionLevel(), descriptor.getMaxDefinitionLevel());
  }

  final PrimitiveType type() {
    return descriptor.getPrimitiveType();
  }

  final long fileNulls() {
    return fileNulls;
  }

  /** The column's full name, members after dots. */
  final String name() {
    return String.join(".", descriptor.getPath());
  }

  /** Room for {@code needed} values, by doubling, where an ordinary page bounds them at its own. */
  static int grown(int capacity, int needed) {
    long doubled = Math.min(ByteSink.MAX_CAPACITY, 2L * capacity);
    return Math.max(
        needed, (int) (capacity < PAGE_SLOTS ? Math.min(PAGE_SLOTS, doubled) : doubled));
  }

  /** Appends rows {@code [from, to)} of a flat column's vector. */
  final void append(ColumnVector vector, int from, int to) throws IOException {
    int row = from;
    while (row < to) {
      int end = pageEnd(vector, row, Math.min(to, row + PAGE_SLOTS - pageSlots));
      if (vector.nullCount() == 0) {
        addValues(vector, row, end);
      } else {
        addWithNulls(vector, row, end);
      }
      pageSlots += end - row;
      row = end;
      if (pageSlots == PAGE_SLOTS || pageIsFull()) {
        endPage();
      }
    }
  }

  /** Appends the rows of a nested column, whose leaf this is, that the levels describe. */
  final void append(ColumnVector vector, Levels levels) throws IOException {
    int row = 0;
    while (row < levels.rows()) {
      int end = pageEnd(vector, levels, row);
      int firstSlot = levels.firstSlot(row);
      int lastSlot = levels.firstSlot(end);
      int values = addPresent(vector, levels.firstValue(row), levels.firstValue(end));
      nested.add(levels, firstSlot, lastSlot, values);
      pageSlots += lastSlot - firstSlot;
      row = end;
      if (pageSlots >= PAGE_SLOTS || pageIsFull()) {
        endPage();
      }
    }
  }

  /** The row before which the page should end, more than {@code row}. */
  private int pageEnd(ColumnVector vector, Levels levels, int row) throws IOException {
    int firstSlot = levels.firstSlot(row);
    if (pageSlots > 0 && levels.firstSlot(row + 1) - firstSlot > PAGE_SLOTS - pageSlots) {
      endPage();
    }
    int end = Math.max(row + 1, levels.rowOfSlot(firstSlot + PAGE_SLOTS - pageSlots, row));
    int from = levels.firstValue(row);
    int to = levels.firstValue(end);
    if (from < to) {
      int stop = pageEnd(vector, from, to);
      if (stop < to) {
        end = Math.max(row + 1, levels.rowOfValue(stop, row));
      }
    }
    return end;
  }

  /** Takes those of the values {@code [from, to)} that are not null, and says how many. */
  private int addPresent(ColumnVector vector, int from, int to) {
    if (vector.nullCount() == 0) {
      if (from < to) {
        addValues(vector, from, to);
      }
      return to - from;
    }
    int added = 0;
    int place = from;
    while (place < to) {
      int end = place;
      while (end < to && !vector.isNull(end)) {
        end++;
      }
      if (end > place) {
        addValues(vector, place, end);
        added += end - place;
      }
      place = end;
      while (place < to && vector.isNull(place)) {
        place++;
      }
    }
    return added;
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
        markNull(pageSlots + row - from);
        row++;
      }
    }
  }

  private void markNull(int place) {
    if (place >= nulls.length) {
      int capacity = Math.min(PAGE_SLOTS, Math.max(place + 1, Math.max(1024, 2 * nulls.length)));
      nulls = Arrays.copyOf(nulls, capacity);
    }
    nulls[place] = true;
    pageNulls++;
  }

  /**
   * Where a page that starts or goes on with the vector's value {@code from} should end, more than
   * {@code from}.
   */
  int pageEnd(ColumnVector vector, int from, int to) {
    return to;
  }

  /** Whether the values since the last page are enough for one. */
  boolean pageIsFull() {
    return false;
  }

  /**
   * Takes the vector's values {@code [from, to)}, none of them null, into the page in the making.
   */
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
    return compressedBytes + pendingBytes() + nulls.length + (nested == null ? 0 : nested.memory());
  }

  /** Ends the page in the making, if it has slots. */
  final void endPage() throws IOException {
    if (pageSlots == 0) {
      return;
    }
    ByteSink sink = buffers.page();
    sink.clear();
    if (nested == null) {
      writeDefinitionLevels(sink);
    } else {
      pageNulls = nested.nulls();
      nested.write(buffers, sink);
    }
    Encoding encoding = writeValues(sink);
    byte[] compressed = buffers.codec().compress(sink.bytes, 0, sink.size);
    pages.add(new Page(pageSlots, sink.size, compressed, encoding));
    compressedBytes += compressed.length;
    chunkSlots += pageSlots;
    chunkNulls += pageNulls;
    pageSlots = 0;
    pageNulls = 0;
    Arrays.fill(nulls, false);
  }

  /**
   * One bit a row of a flat column, run-length encoded, behind its length (data page version 1).
   */
  private void writeDefinitionLevels(ByteSink sink) {
    int lengthAt = sink.size;
    sink.putInt(0);
    if (pageNulls == 0 || pageNulls == pageSlots) {
      sink.putVarint((long) pageSlots << 1);
      sink.putByte(pageNulls == 0 ? 1 : 0);
    } else {
      int[] levels = new int[pageSlots];
      for (int i = 0; i < pageSlots; i++) {
        levels[i] = i < nulls.length && nulls[i] ? 0 : 1;
      }
      RleEncoding.encode(levels, pageSlots, 1, sink);
    }
    sink.setInt(lengthAt, sink.size - lengthAt - Integer.BYTES);
  }

  /** Writes the chunk of this row group and forgets it. */
  final void flush(ParquetFileWriter file) throws IOException {
    endPage();
    file.startColumn(descriptor, chunkSlots, buffers.codec().name());
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
          page.slots(),
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
    chunkSlots = 0;
    chunkNulls = 0;
    nulls = NO_NULLS;
    if (nested != null) {
      nested.release();
    }
  }
}
