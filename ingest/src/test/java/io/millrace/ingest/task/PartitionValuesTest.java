package io.millrace.ingest.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.avro.RecordDecoder;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.PartitionBy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class PartitionValuesTest {
  private static final Schema SCHEMA =
      SchemaBuilder.record("R")
          .fields()
          .name("at")
          .type(
              Schema.createUnion(
                  Schema.create(Schema.Type.NULL),
                  LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG))))
          .noDefault()
          .endRecord();
  private static final TableLayout LAYOUT = AvroTables.layout(SCHEMA, KafkaColumns.DEFAULT);

  @Test
  void splitsByDateInUtcAlsoBefore1970() throws Exception {
    ColumnBatch batch =
        batch("2024-05-01T23:59:59.999Z", "2024-05-02T00:00:00Z", null, "1969-12-31T23:00:00Z");
    PartitionValues values = new PartitionValues("d", PartitionBy.Unit.DATE, 0);

    assertThat(split(values, batch, null, 4))
        .isEqualTo(
            Map.of(
                "d=2024-05-01", "[0]",
                "d=2024-05-02", "[1]",
                "d=__HIVE_DEFAULT_PARTITION__", "[2]",
                "d=1969-12-31", "[3]"));
  }

  @Test
  void splitsByHourAndKeepsToTheGivenRows() throws Exception {
    ColumnBatch batch =
        batch("2024-05-01T13:59:59Z", "2024-05-01T13:00:00Z", "2024-05-01T14:00:00Z");
    PartitionValues values = new PartitionValues("h", PartitionBy.Unit.HOUR, 0);

    assertThat(split(values, batch, new int[] {1, 2}, 2))
        .isEqualTo(Map.of("h=2024-05-01-13", "[1]", "h=2024-05-01-14", "[2]"));
  }

  @Test
  void aNullTimestampIsANullPartition() {
    PartitionValues values = new PartitionValues("d", PartitionBy.Unit.DATE, 0);

    assertThat(values.deltaValues(PartitionValues.NULL)).containsEntry("d", null);
    assertThat(values.deltaValues(0)).containsEntry("d", "1970-01-01");
  }

  private static Map<String, String> split(
      PartitionValues values, ColumnBatch batch, int[] rows, int count) {
    Map<String, String> parts = new TreeMap<>();
    for (PartitionValues.Rows part : values.split(batch, rows, count)) {
      parts.put(
          values.directory(part.value), Arrays.toString(Arrays.copyOf(part.rows, part.count)));
    }
    return parts;
  }

  private static ColumnBatch batch(String... times) throws Exception {
    ColumnBatch batch = new ColumnBatch(LAYOUT);
    RecordDecoder decoder = AvroTables.decoder(SCHEMA, LAYOUT);
    for (String time : times) {
      decoder.decode(encoded(time), batch);
      batch.endRow();
    }
    return batch;
  }

  /** Union branch, then the long as a zig-zag varint (Avro specification, binary encoding). */
  private static ByteBuffer encoded(String time) {
    if (time == null) {
      return ByteBuffer.wrap(new byte[] {0});
    }
    long millis = Instant.parse(time).toEpochMilli();
    long zigzag = (millis << 1) ^ (millis >> 63);
    ByteBuffer buffer = ByteBuffer.allocate(16);
    buffer.put((byte) 2);
    while ((zigzag & ~0x7FL) != 0) {
      buffer.put((byte) ((zigzag & 0x7F) | 0x80));
      zigzag >>>= 7;
    }
    buffer.put((byte) zigzag);
    return buffer.flip();
  }
}
