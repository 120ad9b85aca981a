package io.millrace.lake.verify;

import io.millrace.core.column.Column;
import io.millrace.core.wire.SchemaKey;
import io.millrace.lake.ledger.SqlVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decodes the topic's records with Avro's own reader, not with ingest's, and hashes what each
 * column of the table should hold. One thread.
 */
final class TopicValues {
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("uuuu-MM-dd-HH").withZone(ZoneOffset.UTC);

  private final List<ValueColumn> columns;

  /** The same columns as fields are matched with them. */
  private final List<Column> targets;

  /** For each derived column the place of the one it is derived from, or -1. */
  private final int[] origins;

  private final WriterSchemas schemas;
  private final Map<SchemaKey, Writer> writers = new HashMap<>();

  /** Null where no column holds keys that are Avro. */
  private final TopicKeys avroKeys;

  /** Null where the stream never had a SQL. */
  private final SqlHistory history;

  private final SqlEvaluation sql;
  private final BoundedDecoder decoder = new BoundedDecoder();
  private final long[] hashes;

  /** That of the record at hand; null where its schema can't be had. */
  private Writer writer;

  private RowValues row;

  TopicValues(List<ValueColumn> columns, WriterSchemas schemas) {
    this(columns, schemas, null);
  }

  /**
   * @param history by what SQL records became rows; null where a record's fields are its row
   */
  TopicValues(List<ValueColumn> columns, WriterSchemas schemas, SqlHistory history) {
    this.history = history;
    this.sql = history == null ? null : new SqlEvaluation(history, columns);
    this.columns = columns;
    this.schemas = schemas;
    this.hashes = new long[columns.size()];
    this.avroKeys =
        columns.stream()
            .filter(column -> column.source() == ValueColumn.Source.AVRO_KEY)
            .findFirst()
            .map(column -> new TopicKeys(column, schemas))
            .orElse(null);
    this.targets = columns.stream().map(TopicValues::target).toList();
    List<String> names = columns.stream().map(ValueColumn::name).toList();
    this.origins = columns.stream().mapToInt(c -> names.indexOf(c.derivedFrom())).toArray();
  }

  private static Column target(ValueColumn column) {
    // Any role but that of a field keeps fields away; which one does not matter here.
    Column.Role role =
        column.source() == ValueColumn.Source.FIELD
            ? Column.Role.FIELD
            : Column.Role.KAFKA_TIMESTAMP;
    return new Column(column.name(), column.type(), role, column.aliases());
  }

  /** How one writer schema's records are read; without a reader where no record can be a row. */
  private static final class Writer implements RowValues {
    final RecordReader reader;
    final RecordFields fields;
    GenericRecord record;

    Writer(RecordReader reader, RecordFields fields) {
      this.reader = reader;
      this.fields = fields;
    }

    @Override
    public long hash(int column) {
      return fields.hash(record, column);
    }

    @Override
    public Object value(int column) {
      return fields.value(record, column);
    }
  }

  /** What a record is by the SQL that holds for it; a row or nothing where none does. */
  private enum Made {
    ROW,
    FILTERED,
    FAILED,
    UNDECODABLE,
    UNKNOWN
  }

  /**
   * Enters what the record is.
   *
   * @param record with a value
   */
  void add(ConsumerRecord<ByteBuffer, ByteBuffer> record, TopicAccount account) {
    if (history == null) {
      if (account.mayBeRow(record.offset())) {
        add(record, account.sums);
      }
    } else if (account.dead.contains(record.offset())) {
      addDead(record, account);
    } else {
      addBySql(record, account);
    }
  }

  private void addBySql(ConsumerRecord<ByteBuffer, ByteBuffer> record, TopicAccount account) {
    long offset = record.offset();
    SqlAccount made = account.sql();
    try {
      switch (make(record)) {
        case ROW -> {
          hashRow(record);
          account.sums.add(offset, hashes, 0, hashes.length);
        }
        case FILTERED -> made.filtered(offset);
        case FAILED -> made.failed(offset);
        case UNKNOWN -> made.unknown(offset);
        case UNDECODABLE -> {
          made.unknown(offset);
          account.sums.undecodable.add(offset);
        }
      }
    } catch (UnstorableValueException e) {
      account.sums.addUnstorable(offset, e.field());
    }
  }

  private void addDead(ConsumerRecord<ByteBuffer, ByteBuffer> record, TopicAccount account) {
    long offset = record.offset();
    if (account.mayBeRow(offset)) {
      // Redriven, by a SQL that is written down nowhere.
      account.sql().unknown(offset);
    }
    if (!account.failedInSql.contains(offset)) {
      return;
    }
    try {
      Made made = make(record);
      SqlVersion version = history.at(record.partition(), offset);
      // What a wider schema clashed with may be another one that is not known here.
      if ((made == Made.ROW || made == Made.FILTERED)
          && version.sql() != null
          && !sql.isWider(version, writer.record.getSchema())) {
        account.sql().needless.add(offset);
      }
    } catch (UnstorableValueException e) {
      // It could be no row in any case.
      return;
    }
  }

  /** Adds the record's values, or enters it as one that can't be decoded or can't be a row. */
  void add(ConsumerRecord<ByteBuffer, ByteBuffer> record, ValueSums sums) {
    try {
      if (make(record) == Made.ROW) {
        hashRow(record);
        sums.add(record.offset(), hashes, 0, hashes.length);
      } else {
        sums.undecodable.add(record.offset());
      }
    } catch (UnstorableValueException e) {
      sums.addUnstorable(record.offset(), e.field());
    }
  }

  /**
   * A hash for each column, good until the next call; null where the record can't be a row.
   *
   * @param record with a value
   */
  long[] hashes(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    try {
      if (make(record) != Made.ROW) {
        return null;
      }
      hashRow(record);
      return hashes;
    } catch (UnstorableValueException e) {
      return null;
    }
  }

  /** Decodes the record, and makes its row, which {@link #row} shows. */
  private Made make(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    SqlVersion version = history == null ? null : history.at(record.partition(), record.offset());
    if (history != null && version == null) {
      return Made.UNKNOWN;
    }
    NamedSchema named = NamedSchema.ofValue(record.headers(), record.value());
    writer = named == null ? null : writer(named.key());
    GenericRecord value = writer == null ? null : decode(record.value(), named.prefix(), writer);
    if (value == null || (avroKeys != null && !avroKeys.read(record))) {
      return Made.UNDECODABLE;
    }
    writer.record = value;
    if (version == null || version.sql() == null) {
      writer.fields.requireColumns(value);
      row = writer;
      return Made.ROW;
    }
    row = sql;
    return switch (sql.make(version, value)) {
      case ROW -> Made.ROW;
      case FILTERED -> Made.FILTERED;
      case FAILED -> Made.FAILED;
    };
  }

  private void hashRow(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    long own = ValueHash.row(record.partition(), record.offset());
    for (int c = 0; c < hashes.length; c++) {
      hashes[c] = ValueHash.of(own, c, hash(c, record));
    }
  }

  private long hash(int c, ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    return switch (columns.get(c).source()) {
      case FIELD -> row.hash(c);
      case TIMESTAMP -> ValueHash.value(TimeUnit.MILLISECONDS.toMicros(record.timestamp()));
      case KEY ->
          record.key() == null
              ? ValueHash.NULL
              : FlatValues.hashBytes(FlatValues.bytes(record.key()));
      case TEXT_KEY ->
          record.key() == null
              ? ValueHash.NULL
              : FlatValues.hashBytes(text(record.key()).getBytes(StandardCharsets.UTF_8));
      case AVRO_KEY -> avroKeys.hash();
      case HEADERS -> TopicHeaders.hash(record.headers());
      case DERIVED_DATE -> {
        Long micros = micros(c, record);
        yield micros == null ? ValueHash.NULL : ValueHash.value(day(micros));
      }
      case DERIVED_HOUR -> {
        Long micros = micros(c, record);
        yield micros == null ? ValueHash.NULL : FlatValues.TEXT.hash(hour(micros));
      }
    };
  }

  /**
   * One column's value for people.
   *
   * @param record that {@link #hashes} could hash
   */
  String text(ConsumerRecord<ByteBuffer, ByteBuffer> record, int c) {
    make(record);
    return ValueText.of(columns.get(c).type(), value(c, record));
  }

  private Object value(int c, ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    return switch (columns.get(c).source()) {
      case FIELD -> row.value(c);
      case TIMESTAMP -> TimeUnit.MILLISECONDS.toMicros(record.timestamp());
      case KEY -> record.key() == null ? null : FlatValues.bytes(record.key());
      case TEXT_KEY -> record.key() == null ? null : text(record.key());
      case AVRO_KEY -> avroKeys.value();
      case HEADERS -> TopicHeaders.value(record.headers());
      case DERIVED_DATE -> {
        Long micros = micros(c, record);
        yield micros == null ? null : day(micros);
      }
      case DERIVED_HOUR -> {
        Long micros = micros(c, record);
        yield micros == null ? null : hour(micros);
      }
    };
  }

  /** What a derived column is derived from; null where that is null. */
  private Long micros(int c, ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    if (columns.get(c).ofKafkaTimestamp()) {
      return TimeUnit.MILLISECONDS.toMicros(record.timestamp());
    }
    return origins[c] < 0 ? null : (Long) row.value(origins[c]);
  }

  /** Null where the value's schema can't be had. */
  private Writer writer(SchemaKey key) {
    Writer known = writers.get(key);
    if (known != null) {
      return known;
    }
    Schema schema = schemas.byKey(key);
    if (schema == null) {
      return null;
    }
    Writer made =
        schema.getType() == Schema.Type.RECORD
            ? new Writer(new RecordReader(schema, decoder), ValueReaders.of(schema, targets))
            : new Writer(null, null);
    writers.put(key, made);
    return made;
  }

  /** Null where the bytes are not what the schema says. */
  private GenericRecord decode(ByteBuffer value, int start, Writer by) {
    if (by.reader == null) {
      throw new UnstorableValueException("", "a row needs a record");
    }
    int length = value.remaining() - start;
    if (value.hasArray()) {
      decoder.reset(value.array(), value.arrayOffset() + value.position() + start, length);
    } else {
      byte[] copy = new byte[length];
      value.get(value.position() + start, copy);
      decoder.reset(copy, 0, length);
    }
    return by.reader.read();
  }

  /** As Java reads it: U+FFFD in place of what is malformed. */
  private static String text(ByteBuffer key) {
    return new String(FlatValues.bytes(key), StandardCharsets.UTF_8);
  }

  private static long day(long micros) {
    return Math.floorDiv(micros, TimeUnit.DAYS.toMicros(1));
  }

  private static String hour(long micros) {
    return HOUR.format(Instant.ofEpochSecond(Math.floorDiv(micros, TimeUnit.SECONDS.toMicros(1))));
  }
}
