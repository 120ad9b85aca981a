package io.millrace.cli.schema;

import static io.millrace.cli.schema.SchemaDiffTest.field;
import static io.millrace.cli.schema.SchemaDiffTest.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.MillraceCli;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.wire.WireFormat;
import io.millrace.embedded.LocalStack;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs over a real broker and registry; each test has subjects of its own. */
class SchemaIT {
  private static final String KIND = "{'type':'enum','name':'K','symbols':[%s]}";
  private static final Schema V1 =
      record(field("id", "'int'"), field("kind", KIND.formatted("'A','B'")));
  private static final Schema V2 =
      record(
          field("id", "'long'"),
          field("kind", KIND.formatted("'A','B'")),
          "{'name':'note','type':['null','string'],'default':null}");

  @TempDir private static Path directory;
  private static LocalStack stack;
  private static Path config;

  private record Run(int code, String out, String err) {}

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(directory.resolve("stack"));
    config =
        Files.writeString(
            directory.resolve("millrace.yaml"),
            """
            kafka: {bootstrap.servers: %s}
            registry: {url: %s}
            streams:
              orders: {topic: orders, table: lake/orders}
              shop: {topic: shop, table: lake/shop, subject: shop.Order}
              made: {topic: made, table: lake/made, sql: "SELECT *, id + 1 AS note FROM stream"}
            """
                .formatted(stack.bootstrapServers(), stack.registryUrl()));
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void registersListsAndCompares() throws Exception {
    Path v1 = file("v1.avsc", V1);
    Path v2 = file("v2.avsc", V2);
    Path wrong = file("wrong.avsc", record(field("id", "'string'")));

    Run first = run("register", v1, "--topic", "shop");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).matches("shop\\.Order version 1 id \\d+\\R");
    assertThat(run("register", v1, "--topic", "shop")).isEqualTo(first);
    assertThat(run("register", v1, "--topic", "shop", "--key").out())
        .isEqualTo(first.out().replace("shop.Order", "shop-key"));
    assertThat(run("register", v2, "--topic", "shop").out()).startsWith("shop.Order version 2 id");
    assertOneLine(
        run("register", wrong, "--topic", "shop"), ExitCode.ANSWER_IS_NO, "TYPE_MISMATCH");

    assertThat(run("list").out())
        .startsWith("SUBJECT ")
        .containsPattern("shop-key +BACKWARD +1 \\(\\d+\\)\\R")
        .containsPattern("shop\\.Order +BACKWARD +1 \\(\\d+\\), 2 \\(\\d+\\)\\R");
    assertThat(run("list", "--topic", "shop").out().lines())
        .startsWith("shop-key, level BACKWARD")
        .contains("shop.Order, level BACKWARD");
    assertThat(run("list", "--subject", "shop.Order").out().lines()).hasSize(3);
    assertOneLine(run("list", "--subject", "none"), ExitCode.USAGE, "none");
    assertOneLine(run("list", "--topic", "none"), ExitCode.USAGE, "none-key, none-value");

    String[] changes = {
      "  ~ id: promoted from int to long", "  + note: added, null or string, default null"
    };
    Run diff = run("diff", "--topic", "shop");
    assertThat(diff.code()).as(diff.err()).isEqualTo(1);
    assertThat(diff.out().lines())
        .containsExactly("shop.Order version 1 -> shop.Order version 2", changes[0], changes[1]);
    assertThat(run("diff", "--topic", "shop", "1").out()).isEqualTo(diff.out());
    assertThat(run("diff", "--topic", "shop", "1", v2).out()).contains(changes);
    assertThat(run("diff", "--topic", "shop", v1).out().lines())
        .contains("  ~ id: type changed from long to int");
    Run same = run("diff", "--topic", "shop", v2);
    assertThat(same.code()).isZero();
    assertThat(same.out()).contains("no difference");
    assertOneLine(run("diff", "--topic", "shop", "1", "9"), ExitCode.USAGE, "version 9");
    assertOneLine(run("diff", "--subject", "shop-key"), ExitCode.USAGE, "1 version");
  }

  @Test
  void checksASchemaAgainstVersionsTableAndRecords() throws Exception {
    stack.createTopic("orders", 3);
    Path v1 = file("o1.avsc", V1);
    Path v2 = file("o2.avsc", V2);
    String topic = "orders";
    assertThat(run("check", v1, "--topic", topic).out())
        .contains(
            "the subject has no version yet", "+ id LONG", "0 records of 0 partitions", "safe");
    run("register", v1, "--topic", topic);
    int id = id(topic + "-value");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < 40; i++) {
        byte[] value = encoded(id, i, i % 10 == 0 ? "B" : "A");
        producer.send(new ProducerRecord<>(topic, i % 2, null, value)).get();
      }
      producer.send(new ProducerRecord<>(topic, 1, null, null)).get();
      producer.send(new ProducerRecord<>(topic, 1, null, new byte[] {1, 2, 3})).get();
    }

    // A compatible one: safe, broken records or not.
    Path report = directory.resolve("report.json");
    Run safe = run("check", v2, "--topic", topic, "--report", report);
    assertThat(safe.code()).as(safe.out() + safe.err()).isZero();
    assertThat(safe.out())
        .contains(
            "version 1: accepted; new reads old: yes; old reads new: no",
            "+ note STRING",
            "2 columns stay as before",
            "42 records of 2 partitions: 40 fit, 0 no longer fit, 1 are unreadable anyway, 1 are null",
            "unreadable anyway: partition 1 offset 21: it does not begin with the magic byte");
    JsonNode json = new ObjectMapper().readTree(report.toFile());
    assertThat(json.path("safe").asBoolean()).isTrue();
    assertThat(json.at("/sample/fit").asInt()).isEqualTo(40);
    assertThat(json.at("/table/columns/2/effect").asText()).isEqualTo("APPEARS");
    assertThat(json.at("/versions/0/accepted").asBoolean()).isTrue();

    // The registry takes it, the records don't.
    level(topic + "-value", "NONE");
    Path noB = file("noB.avsc", record(field("id", "'int'"), field("kind", KIND.formatted("'A'"))));
    Run misfits = run("check", noB, "--topic", topic, "--report", report);
    assertThat(misfits.code()).as(misfits.err()).isEqualTo(ExitCode.ANSWER_IS_NO.code());
    assertThat(misfits.out())
        .contains(
            "level NONE",
            "version 1: accepted; new reads old: no",
            "no longer fits: partition 0 offset 0: schema id " + id + ": No match for B",
            "no longer fits: partition 0 offset 15:",
            "NOT SAFE: 4 of 42 sampled records no longer fit");
    assertThat(new ObjectMapper().readTree(report.toFile()).path("safe").asBoolean()).isFalse();
    assertThat(run("check", noB, "--topic", topic, "--last", "6").out())
        .contains("6 records of 2 partitions: 4 fit", "safe");
    assertThat(run("check", noB, "--topic", topic, "--last", "0").out()).contains("none taken");

    // The registry takes it, the table doesn't.
    Path text = file("text.avsc", record(field("id", "'string'"), field("kind", "'string'")));
    Run conflict = run("check", text, "--topic", topic, "--last", "0");
    assertThat(conflict.code()).isEqualTo(ExitCode.ANSWER_IS_NO.code());
    assertThat(conflict.out())
        .contains("! id LONG: can't be stored", "NOT SAFE: the table can't take id");

    // Not even a topic.
    assertOneLine(run("check", v1, "--topic", "no-topic"), ExitCode.USAGE, "no-topic");
    assertThat(run("list", "--subject", "no-topic-value").code()).isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void compilesTheSqlOfTheTopicsStream() throws Exception {
    run("register", file("m1.avsc", V1), "--topic", "made");

    Run same = run("check", file("m2.avsc", V1), "--topic", "made", "--last", "0");
    assertThat(same.code()).as(same.out() + same.err()).isZero();
    assertThat(same.out())
        .contains("table, by the stream's sql", "3 columns stay as before", "safe");

    Run clash = run("check", file("m3.avsc", V2), "--topic", "made", "--last", "0");
    assertThat(clash.code()).as(clash.err()).isEqualTo(ExitCode.ANSWER_IS_NO.code());
    assertThat(clash.out())
        .contains(
            "such records would be dead letters: two of its columns have the name note",
            "NOT SAFE: the stream's sql can't take its records");
  }

  @Test
  void earlierVersionsCountUnlessTheLatestAloneIsAskedFor() throws Exception {
    String subject = "transitive";
    String a = field("a", "'int'");
    run("register", file("t1.avsc", record(a)), "--subject", subject);
    run(
        "register",
        file("t2.avsc", record(a, "{'name':'b','type':'int','default':0}")),
        "--subject",
        subject);
    Path third = file("t3.avsc", record(a, field("b", "'int'")));

    Run all = run("check", third, "--subject", subject);
    assertThat(all.code()).isEqualTo(ExitCode.ANSWER_IS_NO.code());
    assertThat(all.out())
        .contains(
            "version 2: accepted",
            "version 1: REFUSED; new reads old: no; old reads new: yes",
            "new reads old: field b: has no default, and the writer does not have the field",
            "registry: {errorType:'READER_FIELD_MISSING_DEFAULT_VALUE'",
            "NOT SAFE: incompatible with version 1");
    assertThat(run("check", third, "--subject", subject, "--latest-only").code()).isZero();
    level(subject, "BACKWARD_TRANSITIVE");
    assertThat(run("check", third, "--subject", subject, "--latest-only").code()).isEqualTo(1);
  }

  @Test
  void filesMayUseTypesOfOtherSubjects() throws Exception {
    Path part = file("part.avsc", record(field("x", "'int'")));
    Path whole =
        Files.writeString(
            directory.resolve("whole.avsc"),
            "{\"type\":\"record\",\"name\":\"W\",\"fields\":[{\"name\":\"e\",\"type\":\"E\"}]}");
    run("register", part, "--subject", "part");

    assertOneLine(run("register", whole, "--subject", "whole"), ExitCode.USAGE, "type E");
    Run registered = run("register", whole, "--subject", "whole", "--references", "E=part:latest");
    assertThat(registered.code()).as(registered.err()).isZero();
    assertThat(run("list", "--subject", "whole").out()).contains("uses E of part version 1");
    assertThat(run("diff", whole, "--subject", "whole", "--references", "E=part:1").code())
        .isZero();
    assertOneLine(
        run("register", whole, "--subject", "w", "--references", "E=part:9"),
        ExitCode.USAGE,
        "version 9");
    assertThat(run("register", whole, "--subject", "w", "--references", "E").code()).isEqualTo(2);
    try (SchemaRegistry registry =
        new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()))) {
      assertThat(registry.byId(id("whole")).getField("e").schema())
          .isEqualTo(record(field("x", "'int'")));
    }
  }

  @Test
  void aRegistryOrABrokerThatIsDownIsToldSo() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertOneLine(
        run(
            "list",
            "--registry-url",
            "http://127.0.0.1:" + port,
            "--set",
            "registry.max.retries=0"),
        ExitCode.UNREACHABLE,
        "127.0.0.1:" + port);
    assertOneLine(
        run(
            "check",
            file("down.avsc", V1),
            "--topic",
            "t",
            "--bootstrap-servers",
            "127.0.0.1:" + port,
            "--set",
            "kafka.default.api.timeout.ms=3000",
            "--set",
            "kafka.request.timeout.ms=2000"),
        ExitCode.UNREACHABLE,
        "Kafka does not answer");
    assertThat(run().code()).isEqualTo(ExitCode.USAGE.code());
  }

  private static void assertOneLine(Run run, ExitCode code, String... parts) {
    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(code.code());
    assertThat(run.err().lines()).as(run.err()).hasSize(1);
    assertThat(run.err()).startsWith("millrace: ").contains(parts);
  }

  private static Run run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> line = new java.util.ArrayList<>(List.of("schema"));
    for (Object argument : arguments) {
      line.add(argument.toString());
    }
    if (arguments.length > 0) {
      line.addAll(List.of("-c", config.toString()));
    }
    int code =
        MillraceCli.execute(
            new PrintWriter(out), new PrintWriter(err), line.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  private static Path file(String name, Schema schema) throws Exception {
    return Files.writeString(directory.resolve(name), schema.toString(true));
  }

  private static int id(String subject) {
    try (SchemaRegistry registry =
        new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()))) {
      return registry.latest(subject).id();
    }
  }

  private static void level(String subject, String level) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(stack.registryUrl() + "/config/" + subject))
            .PUT(BodyPublishers.ofString("{\"compatibility\":\"" + level + "\"}"))
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
  }

  private static byte[] encoded(int schemaId, int id, String kind) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] header = new byte[WireFormat.HEADER_BYTES];
    WireFormat.putHeader(header, 0, schemaId);
    bytes.write(header);
    GenericRecord value = new GenericData.Record(V1);
    value.put("id", id);
    value.put("kind", new GenericData.EnumSymbol(V1.getField("kind").schema(), kind));
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(V1).write(value, encoder);
    return bytes.toByteArray();
  }
}
