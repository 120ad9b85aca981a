package io.millrace.lake.history;

import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.config.Compression;
import io.millrace.lake.DataFile;
import io.millrace.lake.delta.CommitLog;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.parquet.ColumnFileWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writes rows of an exported ledger into a file, which nobody sees until it is committed. */
final class ExportFile {
  private static final String PREFIX = "ledger-";
  private static final long ROW_GROUP_BYTES = 16L << 20;
  private static final int BATCH_ROWS = 10_000;

  private final ColumnFileWriter file;
  private final byte[] stream;
  private final ColumnBatch batch = new ColumnBatch(ExportColumns.LAYOUT);
  private int place;
  private long rows;

  ExportFile(Configuration hadoop, String directory, String stream) throws IOException {
    this.stream = stream.getBytes(StandardCharsets.UTF_8);
    file =
        ColumnFileWriter.open(
            hadoop,
            new Path(directory, PREFIX + UUID.randomUUID() + ".parquet"),
            Map.of(),
            ExportColumns.LAYOUT,
            Compression.ZSTD,
            ROW_GROUP_BYTES);
  }

  /** Whether a file of that name may be one of these. */
  static boolean isOne(String name) {
    return name.startsWith(PREFIX);
  }

  void add(ExportRow row) throws IOException {
    place = 0;
    CommitLog.Commit commit = row.commit();
    Ledger ledger = row.ledger();
    PartitionEntry moved = row.moved();
    bytes(stream);
    number(commit.version());
    number(TimeUnit.MILLISECONDS.toMicros(commit.millis()));
    text(row.kind().name());
    text(commit.operation());
    number(ledger == null ? null : (Long) ledger.sequence());
    number(ledger == null ? null : (Long) ledger.epoch());
    text(ledger == null ? null : ledger.writer().owner());
    text(ledger == null ? null : ledger.attempt());
    partition(row.partition());
    number(moved == null ? null : (Long) moved.first());
    number(moved == null ? null : (Long) moved.next());
    number(moved == null ? null : (Long) moved.rows());
    number(moved == null ? null : (Long) moved.nulls());
    number(moved == null ? null : (Long) moved.dead());
    number(moved == null ? null : (Long) moved.filtered());
    number(moved == null ? null : (Long) moved.empty());
    number(moved == null ? null : (Long) moved.lost());
    number(row.redriven());
    number(row.discarded());
    number(commit.rowsAdded() < 0 ? null : (Long) commit.rowsAdded());
    number(commit.removed());
    batch.endRow();
    rows++;
    if (batch.rows() >= BATCH_ROWS) {
      flush();
    }
  }

  private ColumnVector next() {
    return batch.vector(place++);
  }

  private void number(Long value) {
    LongVector vector = (LongVector) next();
    if (value == null) {
      vector.appendNull();
    } else {
      vector.append(value);
    }
  }

  private void partition(Integer value) {
    IntVector vector = (IntVector) next();
    if (value == null) {
      vector.appendNull();
    } else {
      vector.append(value);
    }
  }

  private void text(String value) {
    bytes(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(byte[] value) {
    BytesVector vector = (BytesVector) next();
    if (value == null) {
      vector.appendNull();
    } else {
      vector.append(value, 0, value.length);
    }
  }

  private void flush() throws IOException {
    file.write(batch, null, 0);
    batch.clear();
  }

  long rows() {
    return rows;
  }

  /** Ends and publishes the file. */
  DataFile close() throws IOException {
    flush();
    return file.close();
  }

  /** Gives the file up; safe to call at any time. */
  void abort() {
    file.abort();
  }
}
