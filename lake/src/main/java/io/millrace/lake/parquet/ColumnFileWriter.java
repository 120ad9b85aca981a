package io.millrace.lake.parquet;

import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.Compression;
import io.millrace.lake.DataFile;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes column batches into one Parquet file and gathers its Delta statistics. One task, one
 * thread. {@link #close} publishes the file; {@link #abort} leaves nothing behind.
 */
public final class ColumnFileWriter {
  /**
   * @param rowGroupBytes encoded bytes held in memory before a row group is written out
   */
  public static ColumnFileWriter open(
      Configuration hadoop,
      Path path,
      Map<String, String> partitionValues,
      TableLayout layout,
      Compression compression,
      long rowGroupBytes)
      throws IOException {
    throw new IllegalStateException("to be written");
  }

  /** Appends rows {@code rows[0..count)} of the batch, ascending; null means all. */
  public void write(ColumnBatch batch, int[] rows, int count) throws IOException {
    throw new IllegalStateException("to be written");
  }

  /** Bytes held in memory that {@link #flushRowGroup} would free. */
  public long bufferedBytes() {
    throw new IllegalStateException("to be written");
  }

  /** About how large the file would be if it were closed now. */
  public long estimatedFileBytes() {
    throw new IllegalStateException("to be written");
  }

  public void flushRowGroup() throws IOException {
    throw new IllegalStateException("to be written");
  }

  /** Ends and publishes the file. */
  public DataFile close() throws IOException {
    throw new IllegalStateException("to be written");
  }

  /** Gives the file up; safe to call at any time, also after a failure. */
  public void abort() {
    throw new IllegalStateException("to be written");
  }
}
