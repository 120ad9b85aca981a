package io.millrace.cli.schema;

import static io.millrace.cli.schema.SchemaDiffTest.field;
import static io.millrace.cli.schema.SchemaDiffTest.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.NumberTypes;
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

    assertThat(
            lines(
                TablePreview.of(Optional.of(LATEST), next, KafkaColumns.DEFAULT, NumberTypes.WIDE)))
        .containsExactly(
            "id LONG CONFLICT a value of type string for a column of type LONG",
            "name STRING NULL_FROM_NOW_ON null",
            "price DOUBLE STAYS null",
            "note STRING APPEARS null",
            "Name \"string\" CONFLICT its name differs from column name only by case");
  }

  @Test
  void nestedPartsAreAddedAndNamedInConflicts() {
    String inner = "{'type':'record','name':'In','fields':[{'name':'a','type':'int'}%s]}";
    Schema latest = record(field("in", inner.formatted("")), field("old", "'int'"));
    String more = inner.formatted(",{'name':'b','type':'string'}");
    Schema widened = record(field("in", more), "{'name':'fresh','aliases':['old'],'type':'int'}");

    assertThat(
            lines(
                TablePreview.of(
                    Optional.of(latest), widened, KafkaColumns.DEFAULT, NumberTypes.WIDE)))
        .containsExactly("in STRUCT<a: LONG, b: STRING> WIDENS null", "old LONG STAYS null");
    Schema conflict = record(field("in", inner.formatted("").replace("'int'", "'string'")));
    assertThat(
            lines(
                TablePreview.of(
                    Optional.of(latest), conflict, KafkaColumns.DEFAULT, NumberTypes.WIDE)))
        .contains(
            "in STRUCT<a: LONG> CONFLICT in.a: a value of type string for a column of type LONG");
  }

  @Test
  void allAppearsWhereThereIsNothingYet() {
    assertThat(
            lines(
                TablePreview.of(Optional.empty(), LATEST, KafkaColumns.DEFAULT, NumberTypes.WIDE)))
        .containsExactly(
            "id LONG APPEARS null", "name STRING APPEARS null", "price DOUBLE APPEARS null");
  }

  @Test
  void aSchemaThatIsNoTablesIsRefused() {
    Schema taken = record(field("kafka_offset", "'long'"));

    assertThat(
            TablePreview.of(Optional.empty(), taken, KafkaColumns.DEFAULT, NumberTypes.WIDE)
                .refusal())
        .contains("kafka_offset");
    assertThat(
            TablePreview.of(
                    Optional.of(LATEST),
                    Schema.create(Schema.Type.INT),
                    KafkaColumns.DEFAULT,
                    NumberTypes.WIDE)
                .refusal())
        .contains("a row needs a record");
  }

  private static List<String> lines(TablePreview preview) {
    return preview.columns().stream()
        .map(c -> "%s %s %s %s".formatted(c.name(), c.type(), c.effect(), c.reason()))
        .toList();
  }
}
