package io.millrace.ingest.task;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.avro.DecodeException;
import io.millrace.core.avro.RecordDecoder;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.wire.WireFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
   * @param schemaId -1 where the record has none
   * @param key null where the record has none
   */
  record Failure(int schemaId, Exception cause, byte[] key, byte[] value) {}

  private final WriterSchemas schemas;
  private final NumberTypes numbers;
  private final Duration unknownAfter;
  private final KeyHolder keys;
  private final long mostColumnBytes;
  private final Map<Integer, RecordDecoder> decoders = new HashMap<>();
  private final List<Failure> failures = new ArrayList<>();
  private ColumnBatch batch;

  /** What the layout must become before the next record can be taken, or null. */
  private TableLayout wider;

  private long mostValueBytes = Long.MAX_VALUE;
  private long valueBytes;
  private long failureBytes;
  private int lastSchemaId;
  private RecordDecoder lastDecoder;

  RowDecoder(TaskSpec spec, WriterSchemas schemas, KeyHolder keys, long mostColumnBytes) {
    this.schemas = schemas;
    this.numbers = spec.numberTypes();
    this.unknownAfter = spec.unknownSchemaAfter();
    this.keys = keys;
    this.mostColumnBytes = mostColumnBytes;
    this.batch = new ColumnBatch(spec.layout());
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
    if (!WireFormat.hasHeader(data)) {
      return failed(-1, new DecodeException(describeMissingHeader(data)), key, data);
    }
    int schemaId = WireFormat.schemaId(data);
    int start = data.position();
    try {
      RecordDecoder decoder = decoderFor(schemaId);
      batch.appendKey(key);
      decoder.decode(data.position(start + WireFormat.HEADER_BYTES), batch);
      data.position(start); // Kafka takes the record's size from what remains
      return Slots.of(batch.endRow());
    } catch (DecodeException | SchemaNotThereException e) {
      batch.discardRow();
      return failed(schemaId, e, key, data.position(start));
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
      batch = new ColumnBatch(wider);
      wider = null;
      decoders.clear();
      lastDecoder = null;
    }
    failures.clear();
    failureBytes = 0;
    valueBytes = 0;
    mostValueBytes = mostBytes;
  }

  private boolean isFull(int size) {
    int taken = batch.rows() + failures.size();
    if (taken == 0) {
      return false;
    }
    if (taken >= Slots.MAX_ROWS || valueBytes >= mostValueBytes) {
      return true;
    }
    return (taken % ROWS_BETWEEN_SIZE_CHECKS == 0 || size >= LARGE_VALUE)
        && batch.bytes() + failureBytes + size > mostColumnBytes;
  }

  private RecordDecoder decoderFor(int schemaId) throws SchemaNotThereException {
    if (schemaId == lastSchemaId && lastDecoder != null) {
      return lastDecoder;
    }
    RecordDecoder decoder = decoders.get(schemaId);
    if (decoder == null) {
      decoder = newDecoder(schemas.get(schemaId, unknownAfter));
      decoders.put(schemaId, decoder);
    }
    lastSchemaId = schemaId;
    lastDecoder = decoder;
    return decoder;
  }

  /**
   * Throws {@link #FULL} where the rows so far must be written first: their layout is too narrow.
   */
  private RecordDecoder newDecoder(Schema writer) {
    TableLayout layout = AvroTables.widen(batch.layout(), writer, numbers).layout();
    if (!layout.equals(batch.layout())) {
      wider = layout;
      throw FULL;
    }
    return AvroTables.decoder(writer, layout);
  }

  private Integer failed(int schemaId, Exception cause, ByteBuffer key, ByteBuffer value) {
    Failure failure = new Failure(schemaId, cause, copy(key), copy(value));
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

  private static String describeMissingHeader(ByteBuffer data) {
    return data.remaining() < WireFormat.HEADER_BYTES
        ? "the value has %d bytes, fewer than the %d of the schema registry's header"
            .formatted(data.remaining(), WireFormat.HEADER_BYTES)
        : "the value starts with byte %d, not with the schema registry's magic byte 0"
            .formatted(data.get(data.position()));
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
