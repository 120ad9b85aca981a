package io.millrace.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.RegistryConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistrySubjectsTest {
  private static final SchemaText LONG = new SchemaText("\"long\"", List.of());
  private static final String NOT_FOUND =
      "{\"error_code\":40401,\"message\":\"Subject not found.\"}";

  private AnswerServer server;
  private RegistrySubjects subjects;

  @BeforeEach
  void start() throws Exception {
    server = new AnswerServer();
    subjects = new RegistrySubjects(new RegistryConfig(server.url(), Map.of("max.retries", "0")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void listsSubjectsAndVersions() {
    server.answer("/subjects", 200, "[\"b\",\"a/c\"]");
    server.answer("/subjects/a%2Fc/versions", 200, "[2,1]");
    server.answer("/subjects/none/versions", 404, NOT_FOUND);
    server.answer(
        "/subjects/b/versions/2",
        200,
        "{\"version\":2,\"id\":7,\"schemaType\":\"PROTOBUF\",\"schema\":\"message A {}\"}");

    assertThat(subjects.names()).containsExactly("a/c", "b");
    assertThat(subjects.versions("a/c")).containsExactly(1, 2);
    assertThat(subjects.versions("none")).isEmpty();
    StoredSchema stored = subjects.version("b", 2);
    assertThat(stored)
        .isEqualTo(
            new StoredSchema("b", 2, 7, "PROTOBUF", new SchemaText("message A {}", List.of())));
    assertFails(
        () -> subjects.parse(stored),
        ExitCode.USAGE,
        "subject 'b' version 2 is no Avro",
        "PROTOBUF");
  }

  @Test
  void takesTheRegistrysLevelWhereTheSubjectHasNone() {
    server.answer("/config/a?defaultToGlobal=true", 200, "{\"compatibilityLevel\":\"FULL\"}");
    server.answer(
        "/config/b?defaultToGlobal=true", 404, "{\"error_code\":40408,\"message\":\"none\"}");
    server.answer("/config", 200, "{\"compatibilityLevel\":\"BACKWARD\"}");

    assertThat(subjects.level("a")).isEqualTo("FULL");
    assertThat(subjects.level("b")).isEqualTo("BACKWARD");
  }

  @Test
  void asksForCompatibilityWithReferences() {
    String path = "/compatibility/subjects/a/versions/3?verbose=true";
    server.answer(path, 200, "{\"is_compatible\":false,\"messages\":[\"no default\",\"level\"]}");
    SchemaText schema =
        new SchemaText("\"b.Part\"", List.of(new SchemaText.Reference("b.Part", "part", 2)));

    assertThat(subjects.compatible("a", 3, schema))
        .isEqualTo(new Compatible(false, List.of("no default", "level")));
    assertThat(server.requests())
        .containsExactly(
            "POST "
                + path
                + " null {\"schema\":\"\\\"b.Part\\\"\",\"references\":[{\"name\":\"b.Part\",\"subject\":\"part\",\"version\":2}]}");
  }

  @Test
  void registersAndSaysTheVersion() {
    server.answer("/subjects/a/versions", 200, "{\"id\":9}");
    server.answer(
        "/subjects/a",
        200,
        "{\"subject\":\"a\",\"version\":4,\"id\":9,\"schema\":\"\\\"long\\\"\"}");

    assertThat(subjects.register("a", LONG)).isEqualTo(new StoredSchema("a", 4, 9, "AVRO", LONG));
  }

  @Test
  void tellsRefusalsApart() {
    server.answer(
        "/subjects/a/versions",
        409,
        "{\"error_code\":409,\"message\":\"incompatible, details: x\"}");
    server.answer(
        "/subjects/b/versions", 422, "{\"error_code\":42201,\"message\":\"Invalid schema\"}");
    server.answer("/subjects/c/versions", 200, "<html/>");
    server.answer("/subjects/d/versions", 503, "{\"message\":\"down\"}");
    server.answer("/subjects", 401, "");

    assertFails(() -> subjects.register("a", LONG), ExitCode.ANSWER_IS_NO, "details: x");
    assertFails(() -> subjects.register("b", LONG), ExitCode.USAGE, "Invalid schema");
    assertFails(() -> subjects.register("c", LONG), ExitCode.USAGE, "no answer of a schema");
    assertFails(() -> subjects.versions("c"), ExitCode.USAGE, "no answer of a schema registry");
    assertFails(() -> subjects.register("d", LONG), ExitCode.UNREACHABLE, "down");
    assertFails(() -> subjects.names(), ExitCode.USAGE, "refuses access");
  }

  @Test
  void parsesAFileWithTheTypesThatReferencesGive() {
    server.answer(
        "/subjects/part/versions/2?deleted=true",
        200,
        "{\"schema\":\"{\\\"type\\\":\\\"enum\\\",\\\"name\\\":\\\"Part\\\",\\\"symbols\\\":[\\\"X\\\"]}\"}");
    ReferencedTypes types = subjects.types();
    types.add(List.of(new SchemaText.Reference("Part", "part", 2)));

    Schema schema =
        types.parse(new SchemaText("{\"type\":\"array\",\"items\":\"Part\"}", List.of()));

    assertThat(schema.getElementType().getEnumSymbols()).containsExactly("X");
    assertThat(types.text(schema)).isEqualTo("{\"type\":\"array\",\"items\":\"Part\"}");
  }

  private static void assertFails(Runnable action, ExitCode exitCode, String... parts) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
        .hasMessageContainingAll(parts);
  }
}
