package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.MillraceException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemasTest {
  @ParameterizedTest
  @CsvSource({
    "user_event_v2,user_event",
    "user_event_v3,user_event_v2",
    "user_event_v3,user_event"
  })
  void laterVersionsReadWhatEarlierOnesWrote(String reader, String writer) {
    assertThat(
            SchemaCompatibility.checkReaderWriterCompatibility(
                    Schemas.load(reader), Schemas.load(writer))
                .getType())
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }

  @Test
  void theBundledSchemasHaveTheBlueprintsFields() {
    assertThat(Schemas.load("user-event").getFields().stream().map(Schema.Field::name))
        .containsExactly(
            "timestamp", "user_id", "session_id", "event_type", "page", "referrer", "user_agent");
    assertThat(Schemas.load("user-event-v3").getFields().stream().map(Schema.Field::name))
        .endsWith("user_agent", "user_process", "route");
    assertThat(Schemas.load("click_stream").getFields()).hasSize(8);
  }

  @Test
  void aFileThatIsMissingOrNoSchemaIsToldByName(@TempDir Path dir) throws Exception {
    Path wrong = Files.writeString(dir.resolve("wrong.avsc"), "{\"type\": \"recor\"}");

    assertThatThrownBy(() -> Schemas.load(wrong.toString()))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("wrong.avsc");
    assertThatThrownBy(() -> Schemas.load(dir.resolve("none.avsc").toString()))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("none.avsc");
  }

  @Test
  void subjectsAreNamedByTheThreeStandardWays() {
    Schema schema = Schemas.load("user_event");

    assertThat(SubjectNaming.TOPIC_NAME.subject("t", schema)).isEqualTo("t-value");
    assertThat(SubjectNaming.RECORD_NAME.subject("t", schema))
        .isEqualTo("io.millrace.events.UserEvent");
    assertThat(SubjectNaming.TOPIC_RECORD_NAME.subject("t", schema))
        .isEqualTo("t-io.millrace.events.UserEvent");
  }
}
