package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.MillraceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
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

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      textBlock =
          """
          {"type":"record","name":"R","fields":[{"name":"a","type":"strng"}]} \
          | field a has the type strng, which is neither
          {"type":"record","name":"R","namespace":"x.y","fields":[{"name":"b","type":["null",\
          {"type":"array","items":"Sting"}]}]} | field b has the type Sting
          "foo" | the schema has the type foo
          {"type":"recrod","name":"R","fields":[]} | the schema has the type recrod, which is neither \
          one of Avro's nor defined in the file; did you mean record?
          {"type":"record","name":"R","fields":[{"name":"c","type":{"type":"record","name":"S",\
          "fields":[{"name":"r","type":"R"},{"name":"m","type":{"type":"map","values":"Knid"}}]}},\
          {"name":"k","type":{"type":"enum","name":"Kind","symbols":["A"]}}]} \
          | field c.m has the type Knid, which is neither one of Avro's nor defined in the file; \
          did you mean Kind?. Use one of these types, or define it: boolean, bytes,
          {"type":"record","name":"R", | it is not JSON: line 1, column
          ~~ | it is empty
          {} | No type
          """)
  void whatIsWrongInAFileIsSaidInItsWords(String text, String reason, @TempDir Path dir)
      throws Exception {
    Path file = Files.writeString(dir.resolve("s.avsc"), text);

    assertThatThrownBy(() -> Schemas.load(file.toString()))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith("The schema " + file + " is not valid Avro: ")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("UnresolvedSchema")
        .hasMessageNotContaining("jackson")
        .hasMessageNotContaining("Source:");
  }

  @Test
  void commentsAreAllowedWhereSomethingIsWrongAsWhereNothingIs(@TempDir Path dir) throws Exception {
    Path right = Files.writeString(dir.resolve("right.avsc"), "/* so many */ \"long\"");
    Path wrong = Files.writeString(dir.resolve("wrong.avsc"), "/* so many */ \"lnog\"");

    assertThat(Schemas.load(right.toString()).getType()).isEqualTo(Schema.Type.LONG);
    assertThatThrownBy(() -> Schemas.load(wrong.toString()))
        .hasMessageContaining("the schema has the type lnog");
  }

  @Test
  void aFileMayUseTypesThatAreGiven(@TempDir Path dir) throws Exception {
    Map<String, Schema> known = Map.of("x.Part", SchemaBuilder.enumeration("x.Part").symbols("A"));
    Path right =
        Files.writeString(dir.resolve("r.avsc"), "{\"type\":\"array\",\"items\":\"x.Part\"}");
    Path wrong =
        Files.writeString(dir.resolve("w.avsc"), "{\"type\":\"array\",\"items\":\"x.Prt\"}");

    assertThat(Schemas.load(right.toString(), known).getElementType())
        .isEqualTo(known.get("x.Part"));
    assertThatThrownBy(() -> Schemas.load(wrong.toString(), known))
        .hasMessageContaining("did you mean x.Part?");
  }

  @Test
  void bytesThatAreNoTextAreToldSo(@TempDir Path dir) throws Exception {
    Path file = Files.write(dir.resolve("s.avsc"), new byte[] {'"', (byte) 0xff, '"'});

    assertThatThrownBy(() -> Schemas.load(file.toString())).hasMessageContaining("not UTF-8 text");
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
