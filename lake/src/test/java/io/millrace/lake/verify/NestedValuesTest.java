package io.millrace.lake.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.data.ColumnarBatch;
import io.millrace.core.avro.AvroTables;
import io.millrace.core.avro.DecodeException;
import io.millrace.core.avro.RecordDecoder;
import io.millrace.core.avro.testing.RandomRecords;
import io.millrace.core.avro.testing.VectorValues;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.NumberTypes;
import io.millrace.lake.delta.DeltaSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random schemas and records: what verify expects of a row, what ingest makes of the record, and
 * what verify reads from a table's file.
 */
class NestedValuesTest {
  private static final KafkaColumns NO_KAFKA =
      new KafkaColumns(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  private static final int PARTITION = 3;

  private final RandomRecords records = new RandomRecords(11);
  private final Random random = new Random(12);

  @TempDir java.nio.file.Path directory;

  @Test
  void recordsAreRowsWithTheValuesThatIngestGivesThem() throws Exception {
    int rows = 0;
    int refused = 0;
    for (int s = 0; s < 1000; s++) {
      Schema first = records.schema();
      NumberTypes numbers = NumberTypes.values()[s % 2];
      TableLayout layout = AvroTables.layout(first, NO_KAFKA, numbers);
      Schema writer = s % 3 == 0 ? first : s % 3 == 1 ? records.successor(first) : records.schema();
      if (random.nextBoolean()) {
        layout = AvroTables.widen(layout, writer, numbers).layout();
      }
      RecordDecoder decoder = AvroTables.decoder(writer, layout);
      TopicValues values = values(writer, layout.columns());
      for (int r = 0; r < 10; r++) {
        byte[] bytes = records.record(writer);
        if (random.nextInt(3) == 0) {
          bytes = records.damaged(bytes);
        }
        ConsumerRecord<ByteBuffer, ByteBuffer> record = record(r, bytes);
        String about = "schema %d, record %d: %s into %s".formatted(s, r, writer, layout);
        List<Object> row = decode(decoder, layout, bytes);
        assertThat(values.hashes(record) != null).as(about).isEqualTo(row != null);
        if (row == null) {
          refused++;
          continue;
        }
        rows++;
        for (int c = 0; c < row.size(); c++) {
          ColumnType type = layout.columns().get(c).type();
          assertThat(values.text(record, c))
              .as(about)
              .isEqualTo(ValueText.of(type, shown(type, row.get(c))));
        }
      }
    }
    assertThat(rows).isGreaterThan(4000);
    assertThat(refused).isGreaterThan(1500);
  }

  @Test
  void mapKeysAndLongDecimalsAreAsIngestHasThem() throws Exception {
    Schema map =
        SchemaBuilder.record("Row")
            .fields()
            .name("v")
            .type(Schema.createMap(Schema.create(Schema.Type.INT)))
            .noDefault()
            .endRecord();
    Schema digits =
        SchemaBuilder.record("Row")
            .fields()
            .name("v")
            .type(LogicalTypes.decimal(700, 5).addToSchema(Schema.create(Schema.Type.BYTES)))
            .noDefault()
            .endRecord();

    // Three keys that are malformed, each in another way, and one that is not
    byte[] keys = {8, 2, (byte) 0x80, 0, 2, 'a', 2, 2, (byte) 0xff, 4, 2, (byte) 0xc0, 6, 0};
    assertSame(map, keys, true);
    assertSame(digits, bytesValue(128, 1), true);
    assertSame(digits, bytesValue(129, 1), false);
    // Only its sign is long
    assertSame(digits, bytesValue(3000, 0), true);
  }

  private static byte[] bytesValue(int length, int first) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    byte[] value = new byte[length];
    value[0] = (byte) first;
    value[length - 1] = 7;
    encoder.writeBytes(value);
    return out.toByteArray();
  }

  private static void assertSame(Schema schema, byte[] bytes, boolean isRow) throws Exception {
    TableLayout layout = AvroTables.layout(schema, NO_KAFKA);
    List<Object> row = decode(AvroTables.decoder(schema, layout), layout, bytes);
    TopicValues values = values(schema, layout.columns());
    assertThat(row != null).isEqualTo(isRow);
    assertThat(values.hashes(record(0, bytes)) != null).isEqualTo(isRow);
    if (isRow) {
      ColumnType type = layout.columns().get(0).type();
      assertThat(values.text(record(0, bytes), 0))
          .isEqualTo(ValueText.of(type, shown(type, row.get(0))));
    }
  }

  @Test
  void rowsInATablesFileHashAsTheirRecordsAndChangedOnesDoNot() throws Exception {
    int changed = 0;
    for (int s = 0; s < 150; s++) {
      Schema schema = records.schema();
      TableLayout layout = AvroTables.layout(schema, NO_KAFKA, NumberTypes.values()[s % 2]);
      List<Column> columns = layout.columns();
      if (columns.isEmpty()) {
        continue;
      }
      RecordDecoder decoder = AvroTables.decoder(schema, layout);
      TopicValues values = values(schema, columns);
      List<long[]> expected = new ArrayList<>();
      List<List<Object>> rows = new ArrayList<>();
      List<Integer> changes = new ArrayList<>();
      for (int r = 0; r < 12; r++) {
        byte[] bytes = records.record(schema);
        List<Object> row = decode(decoder, layout, bytes);
        long[] hashes = values.hashes(record(r, bytes));
        if (row == null) {
          // For example a millisecond beyond what a timestamp of microseconds can be.
          assertThat(hashes).isNull();
          continue;
        }
        List<Object> damaged = new ArrayList<>(row);
        int column = random.nextInt(columns.size());
        damaged.set(column, another(columns.get(column).type(), row.get(column)));
        for (int copy = 0; copy < 2; copy++) {
          List<Object> whole = new ArrayList<>(List.of(PARTITION, (long) r));
          whole.addAll(copy == 0 ? row : damaged);
          rows.add(whole);
          expected.add(hashes.clone());
          changes.add(copy == 0 ? -1 : column);
        }
      }
      if (rows.isEmpty()) {
        continue;
      }
      ColumnarBatch batch = written(columns, rows, s);
      long[] read =
          new RowHasher(valueColumns(columns), 2)
              .hash(batch, batch.getColumnVector(0), batch.getColumnVector(1));
      for (int r = 0; r < rows.size(); r++) {
        for (int c = 0; c < columns.size(); c++) {
          boolean equal = read[r * columns.size() + c] == expected.get(r)[c];
          assertThat(equal)
              .as("schema %d, row %s, column %s", s, rows.get(r), columns.get(c))
              .isEqualTo(changes.get(r) != c);
          ColumnType type = columns.get(c).type();
          assertThat(ValueText.of(type, RowHasher.value(type, batch.getColumnVector(2 + c), r)))
              .isEqualTo(ValueText.of(type, shown(type, rows.get(r).get(2 + c))));
        }
        changed += changes.get(r) < 0 ? 0 : 1;
      }
    }
    assertThat(changed).isGreaterThan(1000);
  }

  @Test
  void everyColumnTypeComesBackFromDeltas() {
    for (int s = 0; s < 200; s++) {
      for (Column column : AvroTables.layout(records.schema(), NO_KAFKA).columns()) {
        assertThat(DeltaSchema.columnType(ParquetRows.delta(column.type()))).isPresent();
      }
    }
  }

  private ColumnarBatch written(List<Column> columns, List<List<Object>> rows, int number)
      throws Exception {
    List<Column> all =
        new ArrayList<>(
            List.of(
                Column.field("kafka_partition", ColumnType.INT),
                Column.field("kafka_offset", ColumnType.LONG)));
    all.addAll(columns);
    Path file = new Path(directory.toUri().getPath(), number + ".parquet");
    ParquetRows.write(file, all, rows);
    return ParquetRows.read(file, all);
  }

  /** Null where ingest refuses the record. */
  private static List<Object> decode(RecordDecoder decoder, TableLayout layout, byte[] bytes) {
    ColumnBatch batch = new ColumnBatch(layout);
    try {
      decoder.decode(ByteBuffer.wrap(bytes), batch);
      return VectorValues.row(batch, batch.endRow());
    } catch (DecodeException e) {
      return null;
    }
  }

  private static TopicValues values(Schema writer, List<Column> columns) {
    return new TopicValues(
        valueColumns(columns), new WriterSchemas(new KnownSchemas(Map.of(1, writer))));
  }

  private static List<ValueColumn> valueColumns(List<Column> columns) {
    return columns.stream()
        .map(c -> new ValueColumn(c.name(), c.type(), ValueColumn.Source.FIELD, null, c.aliases()))
        .toList();
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(long offset, byte[] avro) {
    return new ConsumerRecord<>("t", PARTITION, offset, null, KnownSchemas.payload(1, avro));
  }

  /** A value of {@link VectorValues} as {@link ValueText} takes it. */
  private static Object shown(ColumnType type, Object value) {
    if (value == null) {
      return null;
    }
    return switch (type.kind()) {
      case BINARY -> ((ByteBuffer) value).array();
      case STRUCT -> {
        List<Object> members = new ArrayList<>();
        for (int i = 0; i < type.members().size(); i++) {
          members.add(shown(type.members().get(i).type(), ((List<?>) value).get(i)));
        }
        yield members;
      }
      case LIST -> ((List<?>) value).stream().map(i -> shown(type.element(), i)).toList();
      case MAP ->
          ((Map<?, ?>) value)
              .entrySet().stream()
                  .map(
                      e ->
                          new java.util.AbstractMap.SimpleEntry<>(
                              e.getKey(), shown(type.mapValue(), e.getValue())))
                  .toList();
      default -> value;
    };
  }

  /** A value that differs in one place. */
  private Object another(ColumnType type, Object value) {
    if (value == null) {
      return least(type);
    }
    if (random.nextInt(6) == 0) {
      return null;
    }
    return switch (type.kind()) {
      case BOOLEAN -> !(Boolean) value;
      case INT, DATE -> (Integer) value ^ 1 << random.nextInt(32);
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> (Long) value ^ 1L << random.nextInt(64);
      case FLOAT -> ((Float) value).isNaN() ? 0f : Math.nextUp((Float) value);
      case DOUBLE -> ((Double) value).isNaN() ? 0d : Math.nextUp((Double) value);
      case STRING -> value + "x";
      case BINARY -> {
        byte[] bytes = ((ByteBuffer) value).array();
        yield ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 1));
      }
      case DECIMAL -> {
        BigDecimal unit = BigDecimal.ONE.movePointLeft(type.scale());
        BigDecimal decimal = (BigDecimal) value;
        yield decimal.signum() > 0 ? decimal.subtract(unit) : decimal.add(unit);
      }
      case STRUCT -> {
        List<Object> members = new ArrayList<>((List<?>) value);
        int i = random.nextInt(members.size());
        members.set(i, another(type.members().get(i).type(), members.get(i)));
        yield members;
      }
      case LIST -> {
        List<Object> items = new ArrayList<>((List<?>) value);
        int i = items.isEmpty() ? 0 : random.nextInt(items.size() + 1);
        if (i == items.size()) {
          items.add(null);
        } else if (random.nextBoolean()) {
          items.remove(i);
        } else {
          items.set(i, another(type.element(), items.get(i)));
        }
        yield items;
      }
      case MAP -> {
        Map<Object, Object> entries = new HashMap<>((Map<?, ?>) value);
        List<Object> keys = new ArrayList<>(entries.keySet());
        int i = keys.isEmpty() ? 0 : random.nextInt(keys.size() + 1);
        if (i == keys.size()) {
          entries.put(keys + "x", null);
        } else if (random.nextBoolean()) {
          Object entry = entries.remove(keys.get(i));
          if (random.nextBoolean()) {
            entries.put(keys.get(i) + "x", entry);
          }
        } else {
          entries.put(keys.get(i), another(type.mapValue(), entries.get(keys.get(i))));
        }
        yield entries;
      }
    };
  }

  /** The value that is least unlike null. */
  private static Object least(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> false;
      case INT, DATE -> 0;
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> 0L;
      case FLOAT -> 0f;
      case DOUBLE -> 0d;
      case STRING -> "";
      case BINARY -> ByteBuffer.allocate(0);
      case DECIMAL -> BigDecimal.ZERO.setScale(type.scale());
      case STRUCT -> Arrays.asList(new Object[type.members().size()]);
      case LIST -> List.of();
      case MAP -> Map.of();
    };
  }
}
