package io.millrace.core.avro;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.avro.testing.RandomRecords;
import io.millrace.core.avro.testing.VectorValues;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** The decoder against Avro's GenericDatumReader: the same values, the same refusals. */
class AvroOracleTest {
  private static final KafkaColumns NO_KAFKA =
      new KafkaColumns(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  private static final int SCHEMAS = 400;
  private static final int RECORDS = 40;

  @Test
  void valuesEqualThoseOfGenericDatumReader() throws Exception {
    RandomRecords records = new RandomRecords(1);
    int compared = 0;
    for (int s = 0; s < SCHEMAS; s++) {
      Schema schema = records.schema();
      TableLayout layout = AvroTables.layout(schema, NO_KAFKA);
      RecordDecoder decoder = AvroTables.decoder(schema, layout);
      ColumnBatch batch = new ColumnBatch(layout);
      List<List<Object>> expected = new ArrayList<>();
      for (int r = 0; r < RECORDS; r++) {
        byte[] bytes = records.record(schema);
        Optional<List<Object>> values = values(RandomRecords.read(schema, bytes), layout);
        assertThat(decodeOrDiscard(decoder, buffer(bytes, r), batch) >= 0)
            .isEqualTo(values.isPresent());
        values.ifPresent(expected::add);
      }
      for (int r = 0; r < expected.size(); r++) {
        assertThat(VectorValues.row(batch, r)).isEqualTo(expected.get(r));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(SCHEMAS * RECORDS * 3 / 4);
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
        GenericRecord read = RandomRecords.read(schema, bytes);
        Optional<List<Object>> expected = read == null ? Optional.empty() : values(read, layout);
        int row = decodeOrDiscard(decoder, buffer(bytes, r), batch);
        assertThat(row >= 0)
            .as("%s of %s: Avro reads %s", Arrays.toString(bytes), schema, read)
            .isEqualTo(expected.isPresent());
        if (expected.isEmpty()) {
          refused++;
        } else {
          taken++;
          assertThat(VectorValues.row(batch, row)).isEqualTo(expected.get());
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
      assertThat(e)
          .hasMessageMatching(
              "(?s)(field f\\d+.* at byte \\d+: .+|at byte \\d+: \\d+ bytes are left .+)");
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

  /** The columns' values; empty where one of them can't be stored. */
  private static Optional<List<Object>> values(GenericRecord record, TableLayout layout) {
    try {
      return Optional.of(ExpectedValues.row(record, layout.columns()));
    } catch (ExpectedValues.Unstorable e) {
      return Optional.empty();
    }
  }
}
