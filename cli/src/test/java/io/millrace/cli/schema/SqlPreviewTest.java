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

class SqlPreviewTest {
  private static final Schema LATEST =
      record(field("id", "'long'"), field("amount", "'int'"), field("note", "'string'"));

  private static TablePreview preview(String sql, Schema next) {
    return new SqlPreview(sql, KafkaColumns.DEFAULT, NumberTypes.WIDE)
        .of(Optional.of(LATEST), next);
  }

  private static List<String> effects(TablePreview table) {
    assertThat(table.refusal()).isNull();
    return table.columns().stream().map(c -> c.name() + " " + c.effect()).toList();
  }

  @Test
  void aStarFollowsAndAListDoesNot() {
    Schema wider =
        record(
            field("id", "'long'"),
            field("amount", "'int'"),
            field("note", "'string'"),
            field("more", "'string'"));

    assertThat(effects(preview("SELECT *, amount * 2 AS twice FROM stream", wider)))
        .containsExactly("id STAYS", "amount STAYS", "note STAYS", "more APPEARS", "twice STAYS");
    assertThat(effects(preview("SELECT id FROM stream", wider))).containsExactly("id STAYS");
  }

  @Test
  void whatTheSqlReadsAndTheSchemaDropsIsSaid() {
    Schema narrower = record(field("id", "'long'"));

    assertThat(effects(preview("SELECT id FROM stream WHERE amount > 1", narrower)))
        .containsExactly("id STAYS", "amount READ_AS_NULL");
  }

  @Test
  void onlyWhatTheSqlReadsCanConflict() {
    Schema text =
        record(field("id", "'long'"), field("amount", "'string'"), field("note", "'string'"));

    assertThat(effects(preview("SELECT id, note FROM stream", text)))
        .containsExactly("id STAYS", "note STAYS");
    assertThat(effects(preview("SELECT id, amount + 1 AS a FROM stream", text)))
        .containsExactly("id STAYS", "a STAYS", "amount CONFLICT");
  }

  @Test
  void recordsThatTheSqlMakesNoRowOfAreARefusal() {
    Schema clash = record(field("id", "'long'"), field("twice", "'long'"));
    Schema kafka = record(field("id", "'long'"), field("kafka_offset", "'long'"));

    assertThat(preview("SELECT *, id * 2 AS twice FROM stream", clash).refusal()).contains("twice");
    assertThat(preview("SELECT * FROM stream", kafka).refusal()).contains("kafka_offset");
    assertThat(preview("SELECT * FROM stream", Schema.create(Schema.Type.STRING)).refusal())
        .contains("string");
    assertThat(preview("SELECT gone FROM stream", LATEST).refusal()).contains("gone");
  }
}
