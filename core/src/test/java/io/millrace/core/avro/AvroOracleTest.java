package io.millrace.core.avro;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.DoubleVector;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** The decoder against Avro's GenericDatumReader: the same values, the same refusals. */
class AvroOracleTest {
  private static final KafkaColumns NO_KAFKA =
      new KafkaColumns(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  private static final int SCHEMAS = 400;
  private static final int RECORDS = 40;

  static {
    // Avro allocates what a damaged length asks for; the records here are far shorter.
    System.setProperty("org.apache.avro.limits.string.maxLength", "1000000");
    System.setProperty("org.apache.avro.limits.bytes.maxLength", "1000000");
  }

  @Test
  void valuesEqualThoseOfGenericDatumReader() throws Exception {
    RandomRecords records = new RandomRecords(1);
    int compared = 0;
    for (int s = 0; s < SCHEMAS; s++) {
      Schema schema = records.schema();
      TableLayout layout = AvroTables.layout(schema, NO_KAFKA);
      RecordDecoder decoder = AvroTables.decoder(schema, layout);
      ColumnBatch batch = new ColumnBatch(layout);
      List<GenericRecord> expected = new ArrayList<>();
      for (int r = 0; r < RECORDS; r++) {
        byte[] bytes = records.record(schema);
        expected.add(RandomRecords.read(schema, bytes));
        decoder.decode(buffer(bytes, r), batch);
        batch.endRow();
      }
      for (int r = 0; r < RECORDS; r++) {
        assertThat(row(batch, r)).isEqualTo(values(expected.get(r), layout));
        compared++;
      }
    }
    assertThat(compared).isEqualTo(SCHEMAS * RECORDS);
  }

  @Test
  void damagedBytesAreTakenOrRefusedAsByGenericDatumReader() throws IOException {
    RandomRecords records = new RandomRecords(2);
    int taken = 0;
    int refused = 0;
    for (int s = 0; s < SCHEMAS; s++) {
      Schema schema = records.schema();
      TableLayout layout = AvroTables.layout(schema, NO_KAFKA);
      RecordDecoder decoder = AvroTables.decoder(schema, layout);
      ColumnBatch batch = new ColumnBatch(layout);
      for (int r = 0; r < RECORDS; r++) {
        byte[] bytes = records.damaged(records.record(schema));
        GenericRecord expected = RandomRecords.read(schema, bytes);
        if (expected != null && outOfRange(expected)) {
          expected = null;
        }
        int row = decodeOrDiscard(decoder, buffer(bytes, r), batch);
        assertThat(row >= 0)
            .as("%s of %s: Avro reads %s", Arrays.toString(bytes), schema, expected)
            .isEqualTo(expected != null);
        if (expected == null) {
          refused++;
        } else {
          taken++;
          assertThat(row(batch, row)).isEqualTo(values(expected, layout));
        }
      }
      assertThat(batch.bytes()).isLessThan(1_000_000);
    }
    assertThat(taken).isGreaterThan(2000);
    assertThat(refused).isGreaterThan(2000);
  }

  private static int decodeOrDiscard(RecordDecoder decoder, ByteBuffer bytes, ColumnBatch batch) {
    try {
      decoder.decode(bytes, batch);
      return batch.endRow();
    } catch (DecodeException e) {
      assertThat(e).hasMessageMatching("(?s)(field f\\d+ at byte \\d+: .+|\\d+ bytes are left .+)");
      batch.discardRow();
      return -1;
    }
  }

  /** Heap buffers with and without an offset, read-only and direct ones. */
  private static ByteBuffer buffer(byte[] bytes, int kind) {
    ByteBuffer padded = ByteBuffer.allocate(bytes.length + 7).put(new byte[3]).put(bytes);
    ByteBuffer slice = padded.slice(3, bytes.length);
    return switch (kind % 4) {
      case 0 -> ByteBuffer.wrap(bytes);
      case 1 -> slice;
      case 2 -> slice.asReadOnlyBuffer();
      default -> ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
    };
  }

  private static boolean outOfRange(GenericRecord record) {
    for (Schema.Field field : record.getSchema().getFields()) {
      if (record.get(field.pos()) instanceof Long millis
          && isMillis(field.schema())
          && millis != millis * 1000 / 1000) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMillis(Schema schema) {
    if (schema.getType() == Schema.Type.UNION) {
      return schema.getTypes().stream().anyMatch(AvroOracleTest::isMillis);
    }
    return schema.getLogicalType() instanceof LogicalTypes.TimestampMillis;
  }

  private static List<Object> values(GenericRecord record, TableLayout layout) {
    List<Object> values = new ArrayList<>();
    for (Schema.Field field : record.getSchema().getFields()) {
      int place = layout.indexOf(field.name());
      if (place >= 0) {
        values.add(
            value(record.get(field.pos()), field.schema(), layout.columns().get(place).type()));
      }
    }
    return values;
  }

  private static Object value(Object value, Schema schema, ColumnType type) {
    if (value == null) {
      return null;
    }
    return switch (type) {
      case BOOLEAN, INT, DATE -> value;
      case LONG -> ((Number) value).longValue();
      case DOUBLE -> ((Number) value).doubleValue();
      case STRING -> value.toString();
      case BINARY -> value;
      case TIMESTAMP -> isMillis(schema) ? 1000 * (Long) value : value;
    };
  }

  private static List<Object> row(ColumnBatch batch, int row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < batch.layout().columns().size(); i++) {
      values.add(value(batch.vector(i), batch.layout().columns().get(i).type(), row));
    }
    return values;
  }

  private static Object value(ColumnVector vector, ColumnType type, int row) {
    if (vector.isNull(row)) {
      return null;
    } else if (vector instanceof BooleanVector booleans) {
      return booleans.values()[row];
    } else if (vector instanceof IntVector ints) {
      return ints.values()[row];
    } else if (vector instanceof LongVector longs) {
      return longs.values()[row];
    } else if (vector instanceof DoubleVector doubles) {
      return doubles.values()[row];
    }
    BytesVector bytes = (BytesVector) vector;
    int start = bytes.start(row);
    int length = bytes.ends()[row] - start;
    return type == ColumnType.STRING
        ? new String(bytes.data(), start, length, StandardCharsets.UTF_8)
        : ByteBuffer.wrap(bytes.data(), start, length);
  }
}
