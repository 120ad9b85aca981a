package io.millrace.core.column;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Rows on their way from Kafka to Parquet, one vector a column. Filled row by row, written column
 * by column, then cleared and used again. Not thread-safe: one task owns it.
 *
 * <p>A row is appended in any order: {@link #appendKey} or a decoder of keys (if the layout has a
 * key column), {@link #appendHeaders} (if it has one for them), the field columns by a {@link
 * io.millrace.core.avro.RecordDecoder}; then {@link #endRow}. Kafka's partition, offset and
 * timestamp follow later by row number, because Kafka's deserializer does not know them.
 *
 * <p>A batch holds at most 2 GiB in one column: clear it long before, by {@link #bytes}.
 */
public final class ColumnBatch {
  /** A table has no column for generations before there is a second one: it is a null there. */
  public static final int FIRST_GENERATION = 1;

  private static final long MICROS_PER_MILLI = 1000;

  private final TableLayout layout;
  private final StructVector columns;
  private final IntVector partitions;
  private final LongVector offsets;
  private final LongVector timestamps;
  private final ColumnVector keys;
  private final boolean textKeys;
  private final ListVector headers;
  private final IntVector generations;

  /** In every row; null stands for the first one. */
  private final int generation;

  private byte[] keyScratch = {};
  private int rows;

  /** Rows of the first generation. */
  public ColumnBatch(TableLayout layout) {
    this(layout, FIRST_GENERATION);
  }

  /**
   * @param generation of the topic that all rows are of, from {@link #FIRST_GENERATION}
   */
  public ColumnBatch(TableLayout layout, int generation) {
    this.layout = layout;
    this.generation = generation;
    columns = new StructVector(layout.columns());
    partitions = (IntVector) vectorOf(Column.Role.KAFKA_PARTITION);
    offsets = (LongVector) vectorOf(Column.Role.KAFKA_OFFSET);
    timestamps = (LongVector) vectorOf(Column.Role.KAFKA_TIMESTAMP);
    keys = vectorOf(Column.Role.KAFKA_KEY);
    textKeys =
        keys != null
            && layout
                .columns()
                .get(layout.indexOf(Column.Role.KAFKA_KEY))
                .type()
                .equals(ColumnType.STRING);
    headers = (ListVector) vectorOf(Column.Role.KAFKA_HEADERS);
    generations = (IntVector) vectorOf(Column.Role.KAFKA_GENERATION);
  }

  private ColumnVector vectorOf(Column.Role role) {
    int place = layout.indexOf(role);
    return place < 0 ? null : columns.member(place);
  }

  public TableLayout layout() {
    return layout;
  }

  /** Complete rows. */
  public int rows() {
    return rows;
  }

  /**
   * The values of the layout's column at this place: an {@link IntVector} for INT, DATE and (as raw
   * bits) FLOAT, a {@link LongVector} for LONG, both timestamps and a DECIMAL of up to 18 digits
   * (its unscaled value), a {@link BytesVector} for STRING, BINARY and longer DECIMALs (unscaled,
   * 16 bytes, big-endian), a {@link StructVector}, a {@link ListVector} for LIST and MAP.
   */
  public ColumnVector vector(int place) {
    return columns.member(place);
  }

  /** Bytes the values of all rows hold in memory; grows with each row. */
  public long bytes() {
    return columns.bytes();
  }

  /** All columns, to append the fields of a row to; {@link #endRow} ends it. */
  public StructVector columns() {
    return columns;
  }

  /**
   * The key of the row being appended, as bytes or as text; null where the record has none. Moves
   * no position.
   */
  public void appendKey(ByteBuffer key) {
    if (keys == null) {
      return;
    }
    if (key == null) {
      keys.appendNull();
    } else if (key.hasArray()) {
      appendKey(key.array(), key.arrayOffset() + key.position(), key.remaining());
    } else {
      int length = key.remaining();
      if (keyScratch.length < length) {
        keyScratch = new byte[length];
      }
      key.get(key.position(), keyScratch, 0, length);
      appendKey(keyScratch, 0, length);
    }
  }

  private void appendKey(byte[] source, int offset, int length) {
    BytesVector bytes = (BytesVector) keys;
    if (!textKeys) {
      bytes.append(source, offset, length);
    } else if (!bytes.appendIfAscii(source, offset, length)) {
      byte[] text =
          new String(source, offset, length, StandardCharsets.UTF_8)
              .getBytes(StandardCharsets.UTF_8);
      bytes.append(text, 0, text.length);
    }
  }

  /**
   * The headers of the row being appended; null in the table where it has none.
   *
   * @param byName values may be null
   */
  public void appendHeaders(Map<String, byte[]> byName) {
    if (headers == null) {
      return;
    }
    if (byName.isEmpty()) {
      headers.appendNull();
      return;
    }
    StructVector items = (StructVector) headers.items();
    BytesVector names = (BytesVector) items.member(0);
    BytesVector values = (BytesVector) items.member(1);
    byName.forEach(
        (name, value) -> {
          byte[] text = name.getBytes(StandardCharsets.UTF_8);
          names.append(text, 0, text.length);
          if (value == null) {
            values.appendNull();
          } else {
            values.append(value, 0, value.length);
          }
          items.endValue();
        });
    headers.endValue();
  }

  /** Completes the row being appended and returns its number. */
  public int endRow() {
    int row = rows++;
    if (generations != null) {
      appendGeneration();
    }
    columns.endValue();
    if (partitions != null) {
      partitions.resize(rows);
    }
    if (offsets != null) {
      offsets.resize(rows);
    }
    if (timestamps != null) {
      timestamps.resize(rows);
    }
    return row;
  }

  private void appendGeneration() {
    if (generation == FIRST_GENERATION) {
      generations.appendNull();
    } else {
      generations.append(generation);
    }
  }

  /** Forgets what was appended since the last {@link #endRow}. */
  public void discardRow() {
    columns.truncate(rows);
  }

  /** Whether {@link #setKafka} has anything to fill. */
  public boolean hasKafkaColumns() {
    return partitions != null || offsets != null || timestamps != null;
  }

  /** Fills the Kafka columns of a complete row; columns that the layout lacks are passed over. */
  public void setKafka(int row, int partition, long offset, long timestampMillis) {
    if (partitions != null) {
      partitions.set(row, partition);
    }
    if (offsets != null) {
      offsets.set(row, offset);
    }
    if (timestamps != null) {
      timestamps.set(row, timestampMillis * MICROS_PER_MILLI);
    }
  }

  /** Keeps only these rows, in this order; {@code rows} is ascending. */
  public void retain(int[] rows, int count) {
    columns.retain(rows, count);
    this.rows = count;
  }

  /** Forgets all rows and keeps the memory. */
  public void clear() {
    columns.truncate(0);
    rows = 0;
  }
}
