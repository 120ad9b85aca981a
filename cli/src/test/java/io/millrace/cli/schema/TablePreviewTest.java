package io.millrace.cli.schema;

import static io.millrace.cli.schema.SchemaDiffTest.field;
import static io.millrace.cli.schema.SchemaDiffTest.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.KafkaColumns;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class TablePreviewTest {
  private static final Schema LATEST =
      record(field("id", "'long'"), field("name", "'string'"), field("price", "'double'"));

  @Test
  void columnsStayAppearBecomeNullOrConflict() {
    Schema next =
        record(
            field("id", "'string'"),
            field("price", "['null','float']"),
            field("note", "['null','string']"),
            field("Name", "'string'"));

    assertThat(lines(TablePreview.of(Optional.of(LATEST), next, KafkaColumns.DEFAULT)))
        .containsExactly(
            "id LONG CONFLICT field id is \"string\", column id is LONG",
            "name STRING NULL_FROM_NOW_ON null",
            "price DOUBLE STAYS null",
            "note STRING APPEARS null",
            "Name STRING CONFLICT it differs from column name only by case");
  }

  @Test
  void allAppearsWhereThereIsNothingYet() {
    assertThat(lines(TablePreview.of(Optional.empty(), LATEST, KafkaColumns.DEFAULT)))
        .containsExactly(
            "id LONG APPEARS null", "name STRING APPEARS null", "price DOUBLE APPEARS null");
  }

  @Test
  void aSchemaThatIsNoTablesIsRefused() {
    Schema taken = record(field("kafka_offset", "'long'"));

    assertThat(TablePreview.of(Optional.of(LATEST), taken, KafkaColumns.DEFAULT).refusal())
        .contains("kafka_offset");
    assertThat(
            TablePreview.of(
                    Optional.of(LATEST), Schema.create(Schema.Type.INT), KafkaColumns.DEFAULT)
                .refusal())
        .contains("a table needs a record");
  }

  private static List<String> lines(TablePreview preview) {
    return preview.columns().stream()
        .map(c -> "%s %s %s %s".formatted(c.name(), c.type(), c.effect(), c.reason()))
        .toList();
  }
}
