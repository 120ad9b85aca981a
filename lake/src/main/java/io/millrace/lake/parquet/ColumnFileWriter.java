package io.millrace.lake.parquet;

import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.Compression;
import io.millrace.lake.DataFile;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;

/**
 * Writes column batches into one Parquet file and gathers its Delta statistics. One task, one
 * thread. {@link #close} publishes the file; {@link #abort} leaves nothing behind.
 */
public final class ColumnFileWriter {
  /** Bytes to which bounds in the footer are cut; as for Parquet's column indexes. */
  private static final int BOUND_BYTES = ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH;

  private final FileTarget target;
  private final ParquetFileWriter file;
  private final Map<String, String> partitionValues;
  private final long rowGroupBytes;
  private final Runnable release;
  private final List<ColumnNode> columns;
  private final List<ColumnChunk> chunks = new ArrayList<>();
  private final Levels levels;
  private long groupRows;
  private long rows;
  private boolean started;
  private boolean ended;

  private ColumnFileWriter(
      FileTarget target,
      Map<String, String> partitionValues,
      TableLayout layout,
      PageBuffers buffers,
      EncodingHints hints,
      long rowGroupBytes,
      Runnable release)
      throws IOException {
    this.target = target;
    this.partitionValues = new HashMap<>(partitionValues);
    this.rowGroupBytes = rowGroupBytes;
    this.release = release;
    MessageType schema = ParquetColumns.schema(layout);
    columns = ParquetColumns.nodes(layout, schema, buffers, hints);
    columns.forEach(column -> column.forEachChunk(chunks::add));
    levels = buffers.levels();
    file =
        new ParquetFileWriter(
            target,
            schema,
            ParquetFileWriter.Mode.OVERWRITE,
            rowGroupBytes,
            0,
            BOUND_BYTES,
            BOUND_BYTES,
            !buffers.codec().hasChecksum());
  }

  /** As the longer form, with nothing learnt from earlier files. */
  public static ColumnFileWriter open(
      Configuration hadoop,
      Path path,
      Map<String, String> partitionValues,
      TableLayout layout,
      Compression compression,
      long rowGroupBytes)
      throws IOException {
    EncodingHints own = new EncodingHints();
    return new ColumnFileWriter(
        new FileTarget(hadoop, path),
        partitionValues,
        layout,
        own.buffers(compression),
        own,
        rowGroupBytes,
        own::close);
  }

  /**
   * @param rowGroupBytes encoded bytes held in memory before a row group is written out
   * @param hints what the files of the table share; kept, and closed in the end, by the caller
   */
  public static ColumnFileWriter open(
      Configuration hadoop,
      Path path,
      Map<String, String> partitionValues,
      TableLayout layout,
      Compression compression,
      long rowGroupBytes,
      EncodingHints hints)
      throws IOException {
    return new ColumnFileWriter(
        new FileTarget(hadoop, path),
        partitionValues,
        layout,
        hints.buffers(compression),
        hints,
        rowGroupBytes,
        () -> {});
  }

  /** Appends rows {@code rows[0..count)} of the batch, ascending; null means all. */
  public void write(ColumnBatch batch, int[] rows, int count) throws IOException {
    if (rows == null) {
      append(batch, 0, batch.rows());
    } else {
      int i = 0;
      while (i < count) {
        int start = i;
        do {
          i++;
        } while (i < count && rows[i] == rows[i - 1] + 1);
        append(batch, rows[start], rows[i - 1] + 1);
      }
    }
    if (bufferedBytes() >= rowGroupBytes) {
      flushRowGroup();
    }
  }

  private void append(ColumnBatch batch, int from, int to) throws IOException {
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).append(batch.vector(i), from, to, levels);
    }
    groupRows += to - from;
    rows += to - from;
  }

  /** Bytes held in memory that {@link #flushRowGroup} would free. */
  public long bufferedBytes() {
    long bytes = 0;
    for (ColumnChunk chunk : chunks) {
      bytes += chunk.bufferedBytes();
    }
    return bytes;
  }

  /** About how large the file would be if it were closed now. */
  public long estimatedFileBytes() {
    return target.getPos() + bufferedBytes();
  }

  /** The first bytes, which open the file, wait for the first row group. */
  private void start() throws IOException {
    if (!started) {
      started = true;
      file.start();
    }
  }

  public void flushRowGroup() throws IOException {
    if (groupRows == 0) {
      return;
    }
    start();
    file.startBlock(groupRows);
    for (ColumnChunk chunk : chunks) {
      chunk.flush(file);
    }
    file.endBlock();
    groupRows = 0;
  }

  /** Ends and publishes the file. */
  public DataFile close() throws IOException {
    flushRowGroup();
    start();
    file.end(Map.of());
    file.close();
    ended = true;
    release.run();
    return new DataFile(
        target.path(),
        target.getPos(),
        InstantSource.system().millis(),
        partitionValues,
        rows,
        StatisticsJson.of(columns, rows));
  }

  /** Gives the file up; safe to call at any time, also after a failure. */
  public void abort() {
    if (!ended) {
      ended = true;
      release.run();
      target.abort();
    }
  }

  /**
   * Removes a file that {@link #close} has published and that no commit will name; what can't be
   * removed is logged.
   */
  public static void discard(Configuration hadoop, DataFile file) {
    FileTarget.remove(hadoop, new Path(file.path()));
  }
}
