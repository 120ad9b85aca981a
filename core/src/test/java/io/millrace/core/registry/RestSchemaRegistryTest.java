package io.millrace.core.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.RegistryConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.wire.SchemaKey;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real HTTP server that gives the answers a test wants. */
class RestSchemaRegistryTest {
  private static final Schema SCHEMA =
      SchemaBuilder.record("E").fields().requiredLong("a").endRecord();

  private final List<Duration> waits = new ArrayList<>();
  private AnswerServer server;
  private String url;

  @BeforeEach
  void start() throws Exception {
    server = new AnswerServer();
    url = server.url();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void keepsASchemaThatItHasRead() {
    answer("/schemas/ids/5", 200, "{\"schema\":" + quoted(SCHEMA.toString()) + "}");
    SchemaRegistry registry = registry(Map.of());

    assertThat(registry.byId(5)).isEqualTo(SCHEMA);
    assertThat(registry.byId(5)).isSameAs(registry.byId(5));

    assertThat(server.requests()).containsExactly("GET /schemas/ids/5 null");
  }

  @Test
  void readsASchemaByItsGuid() {
    UUID guid = new UUID(1, 2);
    answer("/schemas/guids/" + guid, 200, "{\"schema\":" + quoted(SCHEMA.toString()) + "}");
    SchemaRegistry registry = registry(Map.of());

    assertThat(registry.byGuid(guid)).isEqualTo(SCHEMA);
    assertThat(registry.byKey(SchemaKey.ofGuid(guid))).isSameAs(registry.byGuid(guid));

    assertThat(server.requests())
        .containsExactly("GET /schemas/guids/00000000-0000-0001-0000-000000000002 null");
  }

  @Test
  void saysWhatItReadsWhereASchemaIsOfAnotherType() {
    answer("/schemas/ids/6", 200, "{\"schemaType\":\"PROTOBUF\",\"schema\":\"message M {}\"}");

    assertThatThrownBy(() -> registry(Map.of()).byId(6))
        .isInstanceOfSatisfying(
            UnknownSchemaException.class,
            e -> {
              assertThat(e.reason()).isEqualTo("its type is PROTOBUF; Millrace reads Avro only");
              assertThat(e.mayCome()).isFalse();
            });
    assertThatThrownBy(() -> registry(Map.of()).byId(7))
        .isInstanceOfSatisfying(
            UnknownSchemaException.class, e -> assertThat(e.mayCome()).isTrue());
  }

  @Test
  void readsTheLatestVersionWhateverTheRegistryAdds() {
    answer(
        "/subjects/a%20b%2Fc-value/versions/latest",
        200,
        "{\"subject\":\"a b/c-value\",\"version\":3,\"id\":9,\"guid\":\"x\",\"schemaType\":\"AVRO\",\"schema\":\"\\\"long\\\"\"}");

    assertThat(registry(Map.of()).latest("a b/c-value"))
        .isEqualTo(
            new SchemaRegistry.Registered("a b/c-value", 3, 9, Schema.create(Schema.Type.LONG)));
  }

  @Test
  void registersWithUserAndPassword() {
    answer("/subjects/s-value/versions", 200, "{\"id\":4}");

    int id =
        registry(
                Map.of(
                    "basic.auth.credentials.source", "USER_INFO",
                    "schema.registry.basic.auth.user.info", "me:secret"))
            .register("s-value", SCHEMA);

    assertThat(id).isEqualTo(4);
    assertThat(server.requests())
        .containsExactly(
            "POST /subjects/s-value/versions Basic "
                + Base64.getEncoder().encodeToString("me:secret".getBytes(UTF_8))
                + " {\"schema\":"
                + quoted(SCHEMA.toString())
                + "}");
  }

  @Test
  void repeatsWhatMayPassWithGrowingWaits() {
    answer("/schemas/ids/1", 503, "");
    answer("/schemas/ids/1", 500, "{\"error_code\":50001,\"message\":\"down\"}");
    answer("/schemas/ids/1", 429, "");
    answer("/schemas/ids/1", 200, "{\"schema\":\"\\\"long\\\"\"}");

    assertThat(registry(Map.of()).byId(1)).isEqualTo(Schema.create(Schema.Type.LONG));

    assertThat(waits).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(waits.get(i).toMillis()).isBetween(50L << i, 100L << i);
    }
  }

  @Test
  void givesUpAfterTheTriesThatAreSet() {
    answer("/schemas/ids/1", 500, "{\"error_code\":50001,\"message\":\"store is down\"}");

    assertFails(
        () -> registry(Map.of("max.retries", "2")).byId(1),
        ExitCode.UNREACHABLE,
        url,
        "store is down",
        "3 tries");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void saysThatNothingListens() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    url = "http://127.0.0.1:" + port;

    assertFails(
        () -> registry(Map.of()).latest("s"), ExitCode.UNREACHABLE, url, "ConnectException");
  }

  @Test
  void triesTheNextAddress() throws Exception {
    answer("/schemas/ids/1", 200, "{\"schema\":\"\\\"long\\\"\"}");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    url = "http://127.0.0.1:" + port + ", " + url + "/";

    assertThat(registry(Map.of()).byId(1)).isEqualTo(Schema.create(Schema.Type.LONG));
  }

  @Test
  void resolvesReferencesThroughOtherSubjects() {
    answer(
        "/schemas/ids/3",
        200,
        "{\"references\":[{\"name\":\"b.Part\",\"subject\":\"part\",\"version\":2}],\"schema\":\"{\\\"type\\\":\\\"array\\\",\\\"items\\\":\\\"b.Part\\\"}\"}");
    answer(
        "/subjects/part/versions/2?deleted=true",
        200,
        "{\"schema\":\"{\\\"type\\\":\\\"enum\\\",\\\"name\\\":\\\"Part\\\",\\\"namespace\\\":\\\"b\\\",\\\"symbols\\\":[\\\"X\\\"]}\"}");

    assertThat(registry(Map.of()).byId(3).getElementType().getEnumSymbols()).containsExactly("X");
  }

  @Test
  void resolvesReferencesThatMeetInOneType() {
    // Given two references that need a third one, once by reference and once written out
    String leaf = "{\"type\":\"enum\",\"name\":\"Leaf\",\"symbols\":[\"X\"]}";
    answer(
        "/schemas/ids/3",
        200,
        "{\"references\":["
            + "{\"name\":\"Left\",\"subject\":\"left\",\"version\":1},"
            + "{\"name\":\"Right\",\"subject\":\"right\",\"version\":1},"
            + "{\"name\":\"Leaf\",\"subject\":\"leaf\",\"version\":1}],\"schema\":"
            + quoted(record("Root", "Left", "Right", "Leaf"))
            + "}");
    answer("/subjects/leaf/versions/1?deleted=true", 200, "{\"schema\":" + quoted(leaf) + "}");
    answer(
        "/subjects/left/versions/1?deleted=true",
        200,
        "{\"references\":[{\"name\":\"Leaf\",\"subject\":\"leaf\",\"version\":1}],\"schema\":"
            + quoted(record("Left", "Leaf"))
            + "}");
    answer(
        "/subjects/right/versions/1?deleted=true",
        200,
        "{\"schema\":" + quoted(record("Right", "Leaf").replace("\"Leaf\"", leaf)) + "}");

    Schema schema = registry(Map.of()).byId(3);

    assertThat(schema.getField("f0").schema().getField("f0").schema().getEnumSymbols())
        .containsExactly("X");
    assertThat(schema.getField("f1").schema().getField("f0").schema())
        .isEqualTo(schema.getField("f2").schema());
  }

  @Test
  void saysWhichReferenceIsMissingOrOfAnotherType() {
    String schema = ",\"schema\":" + quoted(record("Root", "Part"));
    answer(
        "/schemas/ids/1",
        200,
        "{\"references\":[{\"name\":\"Part\",\"subject\":\"gone\",\"version\":4}]" + schema + "}");
    answer(
        "/schemas/ids/2",
        200,
        "{\"references\":[{\"name\":\"Part\",\"subject\":\"proto\",\"version\":1}]" + schema + "}");
    answer(
        "/subjects/proto/versions/1?deleted=true",
        200,
        "{\"schemaType\":\"PROTOBUF\",\"schema\":\"message Part {}\"}");
    answer("/schemas/ids/3", 200, "{\"schema\":" + quoted(record("Root", "Part")) + "}");
    SchemaRegistry registry = registry(Map.of());

    assertFails(() -> registry.byId(1), ExitCode.USAGE, "subject 'gone' version 4 is not in");
    assertFails(
        () -> registry.byId(2), ExitCode.USAGE, "subject 'proto' version 1 is no Avro", "PROTOBUF");
    assertFails(() -> registry.byId(3), ExitCode.USAGE, "schema id 3 can't be read");
  }

  /** A record whose fields f0, f1, ... are of these types. */
  private static String record(String name, String... types) {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < types.length; i++) {
      fields.append(i == 0 ? "" : ",");
      fields.append("{\"name\":\"f" + i + "\",\"type\":\"" + types[i] + "\"}");
    }
    return "{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[" + fields + "]}";
  }

  @Test
  void tellsWhatIsMissingOrRefusedOrNoRegistry() {
    answer("/schemas/ids/1", 401, "");
    answer("/schemas/ids/2", 404, "<html>no such page</html>");
    answer("/schemas/ids/3", 200, "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}");
    answer("/schemas/ids/4", 200, "{\"schema\":\"{\"}");
    answer("/schemas/ids/5", 200, "fine");
    answer(
        "/subjects/s/versions",
        409,
        "{\"error_code\":409,\"message\":\"Schema being registered is incompatible\"}");
    SchemaRegistry registry = registry(Map.of());

    assertFails(() -> registry.byId(1), ExitCode.USAGE, "refuses access", "basic.auth.user.info");
    assertFails(() -> registry.byId(2), ExitCode.USAGE, "no answer of a schema registry");
    assertFails(() -> registry.byId(3), ExitCode.USAGE, "schema id 3 is no Avro schema", "JSON");
    assertFails(() -> registry.byId(4), ExitCode.USAGE, "schema id 4 can't be read");
    assertFails(() -> registry.byId(5), ExitCode.USAGE, "no answer of a schema registry");
    assertFails(
        () -> registry.byId(6), ExitCode.USAGE, "schema id 6 is not in", "Schema not found. ");
    assertFails(
        () -> registry.register("s", SCHEMA), ExitCode.USAGE, "'E' is refused", "incompatible");
  }

  @Test
  void refusesSettingsThatItDoesNotUnderstand() {
    assertFails(() -> registry(Map.of("max.tries", "3")), ExitCode.USAGE, "'max.tries'");
    assertFails(() -> registry(Map.of("max.retries", "-1")), ExitCode.USAGE, "'-1'", "0 or more");
    assertFails(
        () -> registry(Map.of("basic.auth.credentials.source", "SASL")), ExitCode.USAGE, "'SASL'");
    url = "localhost:8081";
    assertFails(() -> registry(Map.of()), ExitCode.USAGE, "'localhost:8081'");
  }

  @Test
  void hidesSecrets() {
    RegistryClientSettings settings =
        RegistryClientSettings.of(new RegistryConfig("http://me:secret@127.0.0.1:1", Map.of()));

    assertThat(settings.authorization()).isPresent();
    assertThat(settings.toString()).doesNotContain("secret").contains("http://127.0.0.1:1");
  }

  private void answer(String path, int status, String body) {
    server.answer(path, status, body);
  }

  private SchemaRegistry registry(Map<String, String> properties) {
    return new RestSchemaRegistry(
        new RegistryHttp(
            RegistryClientSettings.of(new RegistryConfig(url, properties)),
            new Random(1),
            waits::add));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\"", "\\\"") + "\"";
  }

  private static void assertFails(Runnable action, ExitCode exitCode, String... parts) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
        .hasMessageContainingAll(parts);
  }
}
