package io.millrace.ingest.task;

import io.millrace.core.column.ColumnBatch;
import io.millrace.lake.DataFile;
import io.millrace.lake.parquet.ColumnFileWriter;
import io.millrace.lake.parquet.EncodingHints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The data files a task has open: one for each table partition it meets, within a budget of bytes
 * and of files (see {@link MemoryBudget}).
 */
final class TableFiles implements RowSink {
  /** A row group smaller than this is not worth writing: its file is ended instead. */
  private static final long SMALLEST_ROW_GROUP = 1 << 20;

  private static final long MOST_ROW_GROUP = 64 << 20;

  private final TaskSpec spec;
  private final Configuration hadoop;
  private final MemoryBudget budget;
  private final EncodingHints hints;
  private final PartitionValues values;

  /** By table partition, the one used least recently first. */
  private final LinkedHashMap<Long, ColumnFileWriter> open = new LinkedHashMap<>(16, 0.75f, true);

  private final List<DataFile> finished = new ArrayList<>();
  private int fileNumber;

  TableFiles(TaskSpec spec, Configuration hadoop, MemoryBudget budget, EncodingHints hints) {
    this.spec = spec;
    this.hadoop = hadoop;
    this.budget = budget;
    this.hints = hints;
    this.values =
        spec.partitionSource() == null
            ? null
            : new PartitionValues(
                spec.partitionColumn(),
                spec.partitionUnit(),
                spec.layout().indexOf(spec.partitionSource()));
  }

  @Override
  public void write(ColumnBatch batch, int[] rows, int count) throws IOException {
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
      if (open.size() >= budget.openFiles()) {
        finish(open.keySet().iterator().next());
      }
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
        spec.layout(),
        spec.compression(),
        Math.min(MOST_ROW_GROUP, budget.writerBytes() / 2),
        hints);
  }

  private void keepBudget() throws IOException {
    if (open.size() == 1) {
      return;
    }
    long buffered = 0;
    for (ColumnFileWriter writer : open.values()) {
      buffered += writer.bufferedBytes();
    }
    while (buffered > budget.writerBytes() && !open.isEmpty()) {
      buffered -= freeSome();
    }
  }

  /** Frees the largest row group, or where even that is small the file used least recently. */
  private long freeSome() throws IOException {
    ColumnFileWriter largest = null;
    long largestBytes = -1;
    for (ColumnFileWriter writer : open.values()) {
      if (writer.bufferedBytes() > largestBytes) {
        largest = writer;
        largestBytes = writer.bufferedBytes();
      }
    }
    if (largest != null && largestBytes >= SMALLEST_ROW_GROUP) {
      largest.flushRowGroup();
      return largestBytes;
    }
    long oldest = open.keySet().iterator().next();
    long freed = 0;
    for (Map.Entry<Long, ColumnFileWriter> entry : open.entrySet()) {
      freed = entry.getValue().bufferedBytes();
      break;
    }
    finish(oldest);
    return Math.max(1, freed);
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

  /** Gives up the files that are still open. */
  void abort() {
    open.values().forEach(ColumnFileWriter::abort);
    open.clear();
  }
}
