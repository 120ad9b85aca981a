package io.millrace.ingest.task;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.avro.DecodeException;
import io.millrace.core.avro.RecordDecoder;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.FieldRule;
import io.millrace.core.config.KeyFormat;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.rule.RowRules;
import io.millrace.core.wire.SchemaKey;
import io.millrace.source.KeyHolder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Decodes each value where Kafka's fetched batch holds it, straight into columns, and returns the
 * row's number. It sees neither partition nor offset: those are joined by row number after the
 * poll. A record that can't be decoded gets a negative number, {@code -1 - i} for {@link #failures}
 * number {@code i}.
 */
final class RowDecoder implements Deserializer<Integer> {
  /**
   * Thrown to end a poll when the columns are full; Kafka then offers the record again. One object
   * without a stack, because it says nothing about where it was thrown.
   */
  @SuppressWarnings("StaticAssignmentOfThrowable")
  static final SerializationException FULL = new Full();

  private static final int ROWS_BETWEEN_SIZE_CHECKS = 64;
  private static final int LARGE_VALUE = 16 << 10;

  /** What a failure holds beside the record's bytes: a reason in words, and objects. */
  private static final int FAILURE_BYTES = 512;

  /**
   * Why a record has no row.
   *
   * @param schema that the part of the record names which the cause is about; null where it names
   *     none
   * @param key null where the record has none
   */
  record Failure(SchemaKey schema, Exception cause, byte[] key, byte[] value) {}

  private final NumberTypes numbers;
  private final KeyHolder keys;
  private final long mostColumnBytes;
  private final SchemaDecoders values;

  /** Null where keys are not decoded. */
  private final SchemaDecoders avroKeys;

  /** Null where headers are not stored. */
  private final HeaderValues headerValues;

  private final List<Failure> failures = new ArrayList<>();
  private final List<FieldRule> fieldRules;
  private final long maxRecordBytes;
  private final int generation;
  private ColumnBatch batch;

  /** For the batch's layout; null where the stream has none. */
  private RowRules rules;

  /** What the layout must become before the next record can be taken, or null. */
  private TableLayout wider;

  private long mostValueBytes = Long.MAX_VALUE;
  private long valueBytes;
  private long failureBytes;

  /** Null where a record's fields are its row. */
  private final SqlRows sql;

  private int filtered;

  RowDecoder(TaskSpec spec, WriterSchemas schemas, KeyHolder keys, long mostColumnBytes) {
    this.numbers = spec.numberTypes();
    this.keys = keys;
    TableLayout layout = spec.layout();
    this.values = SchemaDecoders.ofValues(spec, schemas, this::newDecoder);
    this.avroKeys =
        spec.keyFormat() == KeyFormat.AVRO && layout.indexOf(Column.Role.KAFKA_KEY) >= 0
            ? SchemaDecoders.ofKeys(spec, schemas, this::newKeyDecoder)
            : null;
    this.headerValues = layout.indexOf(Column.Role.KAFKA_HEADERS) >= 0 ? new HeaderValues() : null;
    this.mostColumnBytes = mostColumnBytes;
    this.fieldRules = spec.rules();
    this.maxRecordBytes = spec.maxRecordBytes();
    this.generation = spec.generation();
    this.sql = spec.sql() == null ? null : new SqlRows(spec);
    start(sql == null ? layout : sql.rowsOf(layout));
  }

  private void start(TableLayout layout) {
    batch = new ColumnBatch(layout, generation);
    // With a SQL they are about its input, and checked there.
    rules = fieldRules.isEmpty() || sql != null ? null : RowRules.of(fieldRules, layout);
  }

  /** Where the rows are; another one after a {@link #clear} that followed on a wider schema. */
  ColumnBatch batch() {
    return batch;
  }

  @Override
  public Integer deserialize(String topic, byte[] data) {
    throw new UnsupportedOperationException("Kafka hands over buffers");
  }

  @Override
  public Integer deserialize(String topic, Headers headers, ByteBuffer data) {
    int size = data.remaining();
    if (wider != null || isFull(size)) {
      throw FULL;
    }
    valueBytes += size;
    ByteBuffer key = keys.take(headers);
    if (size > maxRecordBytes) {
      return failed(null, DecodeException.tooLarge(size, maxRecordBytes), key, data);
    }
    int start = data.position();
    int keyStart = key == null ? 0 : key.position();
    SchemaDecoders part = values;
    try {
      // Both may ask for a wider layout, so nothing is appended before.
      RecordDecoder decoder = values.find(headers, data);
      part = avroKeys;
      RecordDecoder keyDecoder =
          avroKeys == null || key == null ? null : avroKeys.find(headers, key);
      if (keyDecoder == null) {
        batch.appendKey(key);
      } else {
        keyDecoder.decode(key, batch);
      }
      part = values;
      decoder.decode(data, batch);
      if (sql != null && sql.hasFiltered()) {
        batch.discardRow();
        rewind(data, start, key, keyStart);
        filtered++;
        return Slots.FILTERED_SLOT;
      }
      if (rules != null) {
        rules.check(batch.columns(), batch.rows());
      }
      if (headerValues != null) {
        batch.appendHeaders(headerValues.of(headers));
      }
      rewind(data, start, key, keyStart);
      return Slots.of(batch.endRow());
    } catch (DecodeException | SchemaNotThereException e) {
      batch.discardRow();
      rewind(data, start, key, keyStart);
      return failed(part.named(), e, key, data);
    }
  }

  /** Kafka takes the sizes of key and value from what remains. */
  private static void rewind(ByteBuffer data, int start, ByteBuffer key, int keyStart) {
    data.position(start);
    if (key != null) {
      key.position(keyStart);
    }
  }

  /** Failures since the last {@link #clear}. */
  Failure failure(int slot) {
    return failures.get(-1 - slot);
  }

  /**
   * Forgets all rows; then takes values until they have this many bytes, but always one. Where a
   * writer schema has more than the layout, the rows from now on have the wider one.
   */
  void clear(long mostBytes) {
    if (wider == null) {
      batch.clear();
    } else {
      if (sql != null) {
        sql.follow();
      }
      start(wider);
      wider = null;
      values.clear();
      if (avroKeys != null) {
        avroKeys.clear();
      }
    }
    failures.clear();
    filtered = 0;
    failureBytes = 0;
    valueBytes = 0;
    mostValueBytes = mostBytes;
  }

  private boolean isFull(int size) {
    int taken = batch.rows() + failures.size() + filtered;
    if (taken == 0) {
      return false;
    }
    if (taken >= Slots.MAX_ROWS || valueBytes >= mostValueBytes) {
      return true;
    }
    return (taken % ROWS_BETWEEN_SIZE_CHECKS == 0 || size >= LARGE_VALUE)
        && batch.bytes() + failureBytes + size > mostColumnBytes;
  }

  /** The columns that the SQL may name by now; null where there is no SQL. */
  TableLayout sqlInput() {
    return sql == null ? null : sql.input();
  }

  private RecordDecoder newDecoder(Schema writer) {
    if (sql != null) {
      RecordDecoder decoder = sql.decoder(writer, batch.layout());
      if (decoder == null) {
        wider = sql.wider();
        throw FULL;
      }
      return decoder;
    }
    follow(AvroTables.widen(batch.layout(), writer, numbers).layout());
    return AvroTables.decoder(writer, batch.layout());
  }

  private RecordDecoder newKeyDecoder(Schema writer) {
    follow(AvroTables.widenKey(batch.layout(), writer, numbers).layout());
    return AvroTables.keyDecoder(writer, batch.layout());
  }

  /** Throws {@link #FULL} where the rows so far must be written first: their layout is narrower. */
  private void follow(TableLayout layout) {
    if (!layout.equals(batch.layout())) {
      wider = layout;
      throw FULL;
    }
  }

  private Integer failed(SchemaKey schema, Exception cause, ByteBuffer key, ByteBuffer value) {
    Failure failure = new Failure(schema, cause, copy(key), copy(value));
    failures.add(failure);
    failureBytes += FAILURE_BYTES + failure.value.length + (key == null ? 0 : failure.key.length);
    return -failures.size();
  }

  private static byte[] copy(ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  @Override
  public String toString() {
    return "RowDecoder (columns full: back-pressure, not an error)";
  }

  private static final class Full extends SerializationException {
    private static final long serialVersionUID = 1L;

    Full() {
      super("columns are full");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
