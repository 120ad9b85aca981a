package io.millrace.lake.verify;

import io.millrace.core.column.ColumnType;
import io.millrace.core.wire.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decodes the topic's records with Avro's own reader, not with ingest's, and hashes what each
 * column of the table should hold. One thread.
 */
final class TopicValues {
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("yyyy-MM-dd-HH").withZone(ZoneOffset.UTC);

  private static final int NO_FIELD = -1;
  private static final int KAFKA_TIMESTAMP = -2;

  private final List<ValueColumn> columns;
  private final WriterSchemas schemas;
  private final Map<Integer, Writer> writers = new HashMap<>();
  private final long[] hashes;
  private BinaryDecoder decoder;
  private GenericRecord reused;

  TopicValues(List<ValueColumn> columns, WriterSchemas schemas) {
    this.columns = columns;
    this.schemas = schemas;
    this.hashes = new long[columns.size()];
  }

  /** How one writer schema's records are read. */
  private static final class Writer {
    final GenericDatumReader<GenericRecord> reader;

    /** For each column the place of its field, or of the one it is derived from. */
    final int[] fields;

    /** For each column what a timestamp is multiplied by to be in microseconds. */
    final long[] toMicros;

    Writer(Schema schema, List<ValueColumn> columns) {
      // A GenericData of its own: no logical type is converted, so values stay plain numbers.
      reader = new GenericDatumReader<>(schema, schema, new GenericData());
      fields = new int[columns.size()];
      toMicros = new long[columns.size()];
      for (int c = 0; c < fields.length; c++) {
        ValueColumn column = columns.get(c);
        if (column.ofKafkaTimestamp()) {
          fields[c] = KAFKA_TIMESTAMP;
          toMicros[c] = TimeUnit.MILLISECONDS.toMicros(1);
          continue;
        }
        Schema.Field field =
            schema.getField(column.derivedFrom() == null ? column.name() : column.derivedFrom());
        fields[c] = field == null ? NO_FIELD : field.pos();
        toMicros[c] = field == null ? 1 : TopicValues.toMicros(field.schema());
      }
    }
  }

  void add(ConsumerRecord<ByteBuffer, ByteBuffer> record, ValueSums sums) {
    if (hashes(record) == null) {
      sums.undecodable.add(record.offset());
    } else {
      sums.add(record.offset(), hashes, 0, hashes.length);
    }
  }

  /**
   * A hash for each column, good until the next call; null where the record can't be decoded.
   *
   * @param record with a value
   */
  long[] hashes(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    Writer writer = decode(record.value());
    if (writer == null) {
      return null;
    }
    long row = ValueHash.row(record.partition(), record.offset());
    for (int c = 0; c < hashes.length; c++) {
      hashes[c] = ValueHash.of(row, c, hash(c, record, writer));
    }
    return hashes;
  }

  /**
   * One column's value for people.
   *
   * @param record that {@link #hashes} could decode
   */
  String text(ConsumerRecord<ByteBuffer, ByteBuffer> record, int c) {
    Writer writer = decode(record.value());
    ValueColumn column = columns.get(c);
    Object value =
        switch (column.source()) {
          case TIMESTAMP -> TimeUnit.MILLISECONDS.toMicros(record.timestamp());
          case KEY -> record.key() == null ? null : bytes(record.key());
          case FIELD, DERIVED_DATE, DERIVED_HOUR -> {
            Object source = source(record, writer.fields[c]);
            yield source == null ? null : value(column, source, writer.toMicros[c]);
          }
        };
    return ValueText.of(column.type(), value);
  }

  private Object source(ConsumerRecord<ByteBuffer, ByteBuffer> record, int field) {
    return switch (field) {
      case NO_FIELD -> null;
      case KAFKA_TIMESTAMP -> record.timestamp();
      default -> reused.get(field);
    };
  }

  private static Object value(ValueColumn column, Object value, long toMicros) {
    return switch (column.source()) {
      case DERIVED_DATE -> day(((Number) value).longValue() * toMicros);
      case DERIVED_HOUR -> hour(((Number) value).longValue() * toMicros);
      case FIELD, TIMESTAMP, KEY ->
          switch (column.type().kind()) {
            case BOOLEAN, INT, LONG, DATE -> value;
            case DOUBLE -> ((Number) value).doubleValue();
            case TIMESTAMP -> ((Number) value).longValue() * toMicros;
            case STRING -> new String(bytes(value), StandardCharsets.UTF_8);
            case BINARY -> bytes(value);
            default -> throw new IllegalArgumentException(column.toString());
          };
    };
  }

  /** The schema that the record was decoded with into {@link #reused}; null where it can't be. */
  private Writer decode(ByteBuffer value) {
    Writer writer = WireFormat.hasHeader(value) ? writer(WireFormat.schemaId(value)) : null;
    return writer != null && decode(value, writer) ? writer : null;
  }

  private boolean decode(ByteBuffer value, Writer writer) {
    int start = WireFormat.HEADER_BYTES;
    int length = value.remaining() - start;
    if (value.hasArray()) {
      int at = value.arrayOffset() + value.position() + start;
      decoder = DecoderFactory.get().binaryDecoder(value.array(), at, length, decoder);
    } else {
      byte[] copy = new byte[length];
      value.get(value.position() + start, copy);
      decoder = DecoderFactory.get().binaryDecoder(copy, decoder);
    }
    try {
      reused = writer.reader.read(reused, decoder);
      return decoder.isEnd();
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      reused = null;
      return false;
    }
  }

  private Writer writer(int id) {
    Writer known = writers.get(id);
    if (known != null) {
      return known;
    }
    Schema schema = schemas.byId(id);
    if (schema == null || schema.getType() != Schema.Type.RECORD) {
      return null;
    }
    Writer writer = new Writer(schema, columns);
    writers.put(id, writer);
    return writer;
  }

  private static long toMicros(Schema schema) {
    if (schema.isUnion()) {
      return schema.getTypes().stream().mapToLong(TopicValues::toMicros).max().orElse(1);
    }
    return schema.getLogicalType() != null
            && schema.getLogicalType().getName().equals("timestamp-millis")
        ? TimeUnit.MILLISECONDS.toMicros(1)
        : 1;
  }

  private long hash(int c, ConsumerRecord<ByteBuffer, ByteBuffer> record, Writer writer) {
    ValueColumn column = columns.get(c);
    return switch (column.source()) {
      case TIMESTAMP -> ValueHash.value(TimeUnit.MILLISECONDS.toMicros(record.timestamp()));
      case KEY -> record.key() == null ? ValueHash.NULL : hashBytes(record.key());
      case FIELD, DERIVED_DATE, DERIVED_HOUR -> {
        Object value = source(record, writer.fields[c]);
        yield value == null ? ValueHash.NULL : hash(column, value, writer.toMicros[c]);
      }
    };
  }

  private static long hash(ValueColumn column, Object value, long toMicros) {
    return switch (column.source()) {
      case DERIVED_DATE -> ValueHash.value(day(((Number) value).longValue() * toMicros));
      case DERIVED_HOUR -> hashBytes(hour(((Number) value).longValue() * toMicros));
      case FIELD, TIMESTAMP, KEY -> hash(column.type(), value, toMicros);
    };
  }

  private static long hash(ColumnType type, Object value, long toMicros) {
    return switch (type.kind()) {
      case BOOLEAN -> ValueHash.value((Boolean) value ? 1L : 0L);
      case INT, LONG, DATE -> ValueHash.value(((Number) value).longValue());
      case TIMESTAMP -> ValueHash.value(((Number) value).longValue() * toMicros);
      case DOUBLE -> ValueHash.value(((Number) value).doubleValue());
      case STRING, BINARY -> hashBytes(value);
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private static long hashBytes(Object value) {
    if (value instanceof Utf8 utf8 && isAscii(utf8)) {
      return ValueHash.value(utf8.getBytes(), 0, utf8.getByteLength());
    }
    byte[] bytes = bytes(value);
    return ValueHash.value(bytes, 0, bytes.length);
  }

  private static boolean isAscii(Utf8 text) {
    byte[] bytes = text.getBytes();
    for (int i = 0; i < text.getByteLength(); i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /** A text's bytes as its readers in Java see it: U+FFFD in place of malformed ones. */
  private static byte[] bytes(Object value) {
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(buffer.position(), bytes);
      return bytes;
    }
    return value instanceof GenericFixed fixed
        ? fixed.bytes()
        : value.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static long day(long micros) {
    return Math.floorDiv(micros, TimeUnit.DAYS.toMicros(1));
  }

  private static String hour(long micros) {
    return HOUR.format(Instant.ofEpochSecond(Math.floorDiv(micros, TimeUnit.SECONDS.toMicros(1))));
  }
}
