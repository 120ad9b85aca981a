package io.millrace.core.column;

import java.nio.ByteBuffer;

/**
 * Rows on their way from Kafka to Parquet, one vector a column. Filled row by row, written column
 * by column, then cleared and used again. Not thread-safe: one task owns it.
 *
 * <p>A row is appended in this order: {@link #appendKey} (if the layout has a key column), the
 * field columns by a {@link io.millrace.core.avro.RecordDecoder}, then {@link #endRow}. Kafka's
 * partition, offset and timestamp follow later by row number, because Kafka's deserializer does not
 * know them.
 */
public final class ColumnBatch {
  public ColumnBatch(TableLayout layout) {
    throw new IllegalStateException("to be written");
  }

  public TableLayout layout() {
    throw new IllegalStateException("to be written");
  }

  /** Complete rows. */
  public int rows() {
    throw new IllegalStateException("to be written");
  }

  /** Bytes the values of all complete rows hold in memory; grows with each row. */
  public long bytes() {
    throw new IllegalStateException("to be written");
  }

  /** The key of the row being appended; null where the record has none. */
  public void appendKey(ByteBuffer key) {
    throw new IllegalStateException("to be written");
  }

  /** Completes the row being appended and returns its number. */
  public int endRow() {
    throw new IllegalStateException("to be written");
  }

  /** Forgets what was appended since the last {@link #endRow}. */
  public void discardRow() {
    throw new IllegalStateException("to be written");
  }

  /** Fills the Kafka columns of a complete row; columns that the layout lacks are passed over. */
  public void setKafka(int row, int partition, long offset, long timestampMillis) {
    throw new IllegalStateException("to be written");
  }

  /** Keeps only these rows, in this order; {@code rows} is ascending. */
  public void retain(int[] rows, int count) {
    throw new IllegalStateException("to be written");
  }

  /** Forgets all rows and keeps the memory. */
  public void clear() {
    throw new IllegalStateException("to be written");
  }
}
