package io.millrace.ingest.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.KeyFormat;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class StreamColumnsTest {
  private static final Schema SCHEMA =
      SchemaBuilder.record("Reading")
          .fields()
          .requiredLong("id")
          .name("at")
          .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
          .noDefault()
          .requiredString("Day")
          .endRecord();

  private final TableLayout layout = AvroTables.layout(SCHEMA, KafkaColumns.DEFAULT);

  @Test
  void whatFitsIsTaken() {
    StreamColumns.require(stream(KafkaColumns.DEFAULT, null), layout, Optional.empty());
    StreamColumns.require(
        stream(KafkaColumns.DEFAULT, by("at", "at_date")), layout, Optional.empty());
    StreamColumns.require(
        stream(KafkaColumns.DEFAULT, by("kafka_timestamp", "sent")), layout, Optional.empty());
  }

  @Test
  void aPartitionColumnOfAFieldsNameIsRefusedInAnyCase() {
    for (String column : new String[] {"Day", "day", "ID", "kafka_Offset"}) {
      assertRefused(KafkaColumns.DEFAULT, by("at", column), "partitionBy.column is " + column);
    }
  }

  @Test
  void aSourceThatIsNoTimestampColumnIsRefused() {
    assertRefused(KafkaColumns.DEFAULT, by("then", "d"), "the table has no such column");
    assertRefused(KafkaColumns.DEFAULT, by("AT", "d"), "the table has at: case must be the same");
    assertRefused(KafkaColumns.DEFAULT, by("id", "d"), "id, which is LONG and no timestamp");
  }

  @Test
  void aKafkaColumnThatTheTableLacksIsRefused() {
    assertRefused(offset("position"), null, "columns.offset is position, the table has no such");
    assertRefused(offset("KAFKA_OFFSET"), null, "the table has kafka_offset: case must be");
    assertRefused(offset("Day"), null, "Day, which is STRING in the table and must be LONG");
  }

  @Test
  void theKeyColumnIsOfTheKeysFormatAndThatOfHeadersAMap() {
    StreamColumns.require(
        stream(keys("Day", KeyFormat.STRING, null), null), layout, Optional.empty());
    StreamColumns.require(stream(keys("id", KeyFormat.AVRO, null), null), layout, Optional.empty());
    assertRefused(
        keys("Day", KeyFormat.BYTES, null),
        null,
        "Day, which is STRING in the table and must be BINARY");
    assertRefused(
        keys("id", KeyFormat.STRING, null),
        null,
        "id, which is LONG in the table and must be STRING");
    assertRefused(keys("k", KeyFormat.AVRO, null), null, "columns.key is k, the table has no such");
    assertRefused(
        keys("Day", KeyFormat.STRING, "id"),
        null,
        "columns.headers is id, which is LONG in the table and must be MAP<STRING, BINARY>");
  }

  private static KafkaColumns keys(String key, KeyFormat format, String headers) {
    KafkaColumns all = KafkaColumns.DEFAULT;
    return new KafkaColumns(
        all.partition(),
        all.offset(),
        all.timestamp(),
        Optional.of(key),
        format,
        Optional.ofNullable(headers));
  }

  private static KafkaColumns offset(String name) {
    KafkaColumns all = KafkaColumns.DEFAULT;
    return new KafkaColumns(all.partition(), Optional.of(name), all.timestamp(), all.key());
  }

  private static PartitionBy by(String source, String column) {
    return new PartitionBy(source, PartitionBy.Unit.DATE, column);
  }

  private void assertRefused(KafkaColumns columns, PartitionBy by, String reason) {
    assertThatThrownBy(() -> StreamColumns.require(stream(columns, by), layout, Optional.empty()))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(reason);
  }

  private static StreamConfig stream(KafkaColumns columns, PartitionBy by) {
    StreamConfig plain = StreamConfig.of("s", "t", "/lake/t");
    return new StreamConfig(
        plain.name(),
        plain.topic(),
        plain.table(),
        plain.subject(),
        plain.startingOffsets(),
        plain.triggerInterval(),
        plain.maxRecordsPerTrigger(),
        plain.maxBytesPerTrigger(),
        plain.targetFileBytes(),
        plain.compression(),
        columns,
        plain.nullValues(),
        Optional.ofNullable(by),
        plain.tableProperties(),
        plain.maxRestarts(),
        plain.restartFor(),
        plain.kafka(),
        plain.numberTypes(),
        plain.unknownSchemaAfter(),
        plain.rules(),
        plain.breaker(),
        plain.maxRecordBytes(),
        plain.deadLetterTopic(),
        plain.sql(),
        plain.consumerGroup());
  }
}
