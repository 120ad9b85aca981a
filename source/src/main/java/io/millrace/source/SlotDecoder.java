package io.millrace.source;

import io.millrace.core.avro.DecodeException;
import io.millrace.core.avro.RecordDecoder;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.registry.UnknownSchemaException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Decodes each value where Kafka's fetched batch holds it, straight into columns, and returns the
 * row's number. It sees neither partition nor offset: those are joined by row number after the
 * poll. A record that can't be decoded gets a negative number, {@code -1 - i} for {@link #failure}
 * number {@code i}.
 */
final class SlotDecoder implements Deserializer<Integer> {
  /** Most records between two {@link #clear}s. */
  static final int MAX_ROWS = 1 << 14;

  /** Columns of more bytes end a poll. */
  private static final long MOST_COLUMN_BYTES = 16 << 20;

  private static final int ROWS_BETWEEN_SIZE_CHECKS = 64;
  private static final int LARGE_VALUE = 16 << 10;

  /** Numbers as objects that exist already: Kafka wants an object for each record. */
  private static final Integer[] SLOTS = new Integer[MAX_ROWS];

  static {
    for (int i = 0; i < MAX_ROWS; i++) {
      SLOTS[i] = i;
    }
  }

  private final KeyHolder keys;
  private final List<Exception> failures = new ArrayList<>();
  private ReadSpec spec;
  private ValueDecoders decoders;
  private ColumnBatch batch;
  private SparkVectors vectors;

  SlotDecoder(KeyHolder keys) {
    this.keys = keys;
  }

  /** Makes ready for a task: the one before may have been of another query. */
  void start(ReadSpec newSpec) {
    if (!newSpec.equals(spec)) {
      spec = newSpec;
      decoders = new ValueDecoders(newSpec);
      batch = new ColumnBatch(newSpec.layout());
      vectors = new SparkVectors(batch);
    }
    clear();
  }

  ColumnBatch batch() {
    return batch;
  }

  /** The batch as Spark reads it. */
  SparkVectors vectors() {
    return vectors;
  }

  /** Failures since the last {@link #clear}. */
  Exception failure(int slot) {
    return failures.get(-1 - slot);
  }

  /** Forgets all rows. */
  void clear() {
    batch.clear();
    failures.clear();
  }

  @Override
  public Integer deserialize(String topic, byte[] data) {
    throw new UnsupportedOperationException("Kafka hands over buffers");
  }

  @Override
  public Integer deserialize(String topic, Headers headers, ByteBuffer value) {
    if (isFull(value.remaining())) {
      throw new SerializationException("columns are full");
    }
    ByteBuffer key = keys.take(headers);
    int start = value.position();
    try {
      RecordDecoder decoder = decoders.find(headers, value);
      batch.appendKey(key);
      decoder.decode(value, batch);
      return SLOTS[batch.endRow()];
    } catch (DecodeException | UnknownSchemaException e) {
      batch.discardRow();
      failures.add(e);
      return -failures.size();
    } finally {
      // Kafka takes the value's size from what remains.
      value.position(start);
    }
  }

  /** Never with the first record of a poll, so that each poll brings something. */
  private boolean isFull(int size) {
    int taken = batch.rows() + failures.size();
    if (taken == 0) {
      return false;
    }
    if (spec.badRecords() == BadRecords.FAIL && !failures.isEmpty()) {
      return true;
    }
    return taken >= MAX_ROWS
        || ((taken % ROWS_BETWEEN_SIZE_CHECKS == 0 || size >= LARGE_VALUE)
            && batch.bytes() + size > MOST_COLUMN_BYTES);
  }

  /** Kafka logs it when a poll ends early. */
  @Override
  public String toString() {
    return "SlotDecoder (columns full: back-pressure, not an error)";
  }
}
