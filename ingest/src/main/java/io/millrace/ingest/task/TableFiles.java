package io.millrace.ingest.task;

import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.lake.DataFile;
import io.millrace.lake.parquet.ColumnFileWriter;
import io.millrace.lake.parquet.EncodingHints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The data files a task has open: one for each table partition it meets, within a budget of bytes
 * (see {@link MemoryBudget}). A file is all in memory until its first row group is full, so open
 * files cost no descriptors and no upload buffers.
 */
final class TableFiles implements RowSink {
  /** What an open file holds beside its rows: vectors, dictionaries and statistics of a column. */
  private static final long OPEN_FILE_BYTES = 64 << 10;

  private static final long MOST_ROW_GROUP = 64 << 20;

  private final TaskSpec spec;
  private final Configuration hadoop;
  private final MemoryBudget budget;
  private final EncodingHints hints;
  private TableLayout layout;
  private PartitionValues values;

  /** By table partition. */
  private final Map<Long, ColumnFileWriter> open = new HashMap<>();

  private final List<DataFile> finished = new ArrayList<>();
  private int fileNumber;

  TableFiles(TaskSpec spec, Configuration hadoop, MemoryBudget budget, EncodingHints hints) {
    this.spec = spec;
    this.hadoop = hadoop;
    this.budget = budget;
    this.hints = hints;
  }

  /** Files have one layout: those of another are ended before the first row of this one. */
  private void follow(TableLayout rows) throws IOException {
    if (rows == layout) {
      return;
    }
    for (Long value : List.copyOf(open.keySet())) {
      finish(value);
    }
    layout = rows;
    values =
        spec.partitionSource() == null
            ? null
            : new PartitionValues(
                spec.partitionColumn(), spec.partitionUnit(), rows.indexOf(spec.partitionSource()));
  }

  @Override
  public void write(ColumnBatch batch, int[] rows, int count) throws IOException {
    follow(batch.layout());
    if (values == null) {
      write(0, batch, rows, count);
    } else {
      for (PartitionValues.Rows part : values.split(batch, rows, count)) {
        boolean whole = part.count == batch.rows();
        write(part.value, batch, whole ? null : part.rows, part.count);
      }
    }
    keepBudget();
  }

  private void write(long value, ColumnBatch batch, int[] rows, int count) throws IOException {
    ColumnFileWriter writer = open.get(value);
    if (writer == null) {
      writer = openFile(value);
      open.put(value, writer);
    }
    writer.write(batch, rows, count);
    if (writer.estimatedFileBytes() >= spec.targetFileBytes()) {
      finish(value);
    }
  }

  private ColumnFileWriter openFile(long value) throws IOException {
    String directory = values == null ? "" : values.directory(value) + "/";
    Path path =
        new Path(
            "%s/%spart-%05d-%s.%s.parquet"
                .formatted(
                    spec.table(),
                    directory,
                    fileNumber++,
                    UUID.randomUUID(),
                    spec.compression().name().toLowerCase(Locale.ROOT)));
    return ColumnFileWriter.open(
        hadoop,
        path,
        values == null ? Map.of() : values.deltaValues(value),
        layout,
        spec.compression(),
        Math.min(MOST_ROW_GROUP, budget.writerBytes() / 2),
        hints);
  }

  /** Ends the largest files until what is open fits: that leaves the fewest and largest files. */
  private void keepBudget() throws IOException {
    long buffered = 0;
    for (ColumnFileWriter writer : open.values()) {
      buffered += held(writer);
    }
    while (buffered > budget.writerBytes() && open.size() > 1) {
      long largest = largest();
      buffered -= held(open.get(largest));
      finish(largest);
    }
  }

  private long largest() {
    long largest = 0;
    long most = -1;
    for (Map.Entry<Long, ColumnFileWriter> entry : open.entrySet()) {
      long held = held(entry.getValue());
      if (held > most) {
        most = held;
        largest = entry.getKey();
      }
    }
    return largest;
  }

  private static long held(ColumnFileWriter writer) {
    return writer.bufferedBytes() + OPEN_FILE_BYTES;
  }

  private void finish(long value) throws IOException {
    ColumnFileWriter writer = open.get(value);
    finished.add(writer.close());
    open.remove(value);
  }

  /** Ends all files and returns what was written. */
  List<DataFile> close() throws IOException {
    for (Long value : List.copyOf(open.keySet())) {
      finish(value);
    }
    return List.copyOf(finished);
  }

  /** Gives up the files that are still open, and removes those that are finished. */
  void abort() {
    open.values().forEach(ColumnFileWriter::abort);
    open.clear();
    finished.forEach(file -> ColumnFileWriter.discard(hadoop, file));
    finished.clear();
  }
}
