package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.NumberTypes;
import io.millrace.core.config.StreamConfig;
import io.millrace.lake.verify.Finding;
import io.millrace.lake.verify.Finding.Kind;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verdict;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import io.millrace.lake.verify.VerifyOptions.Values;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What verify finds in tables that a SQL filled. */
class VerifySqlIT {
  private static final Schema READING =
      schema("{'name':'id','type':'long'},{'name':'amount','type':'int','default':1}");

  private static final String KEPT =
      "SELECT id, 100 DIV amount AS share FROM stream WHERE id % 4 <> 3";

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void aRowThatTheLedgerCallsFilteredIsNamed() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given a commit of one row
      send(topic, 2, 0, 20);
      StreamConfig stream = stream(topic).sql(KEPT).config();
      Runs.drain(stream);
      send(topic, 2, 20, 21);
      Runs.drain(stream);
      assertThat(verify(stream, Values.ALWAYS).verdict()).isEqualTo(Verdict.PROVEN);

      // When somebody takes the row away and has the ledger say that it was filtered
      editLastCommit(
          commit ->
              String.join(
                  "\n",
                  commit
                      .lines()
                      .filter(line -> !line.startsWith("{\"add\""))
                      .map(line -> line.replace("\\\"rows\\\":16", "\\\"rows\\\":15"))
                      .map(
                          line ->
                              line.replace("\\\"filtered\\\":{", "\\\"filtered\\\":{\\\"0\\\":1,"))
                      .toList()));

      // Then it is named, with values or without
      for (Values values : Values.values()) {
        StreamReport report = verify(stream, values);
        assertThat(report.findings()).extracting(Finding::kind).containsExactly(Kind.MISSING_ROWS);
        assertThat(report.findings().get(0))
            .hasToString(
                "partition 0: 1 delivered records are neither a row nor a dead letter, and the sql"
                    + " does not filter them: offsets 10");
        assertThat(report.lost()).isEqualTo(1);
      }
    }
  }

  @Test
  void whatAnotherSqlWouldHaveMadeIsNamed() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given what an ingest would leave that evaluates the SQL wrongly
      send(topic, 1, 0, 20);
      StreamConfig stream =
          stream(topic)
              .sql(
                  "SELECT id, 100 DIV (CASE id WHEN 8 THEN 3 WHEN 10 THEN 0 ELSE amount END) AS share"
                      + " FROM stream WHERE id % 4 <> 3 AND id <> 6 OR id = 15")
              .config();
      Runs.drain(stream);
      assertThat(verify(stream, Values.ALWAYS).verdict()).isEqualTo(Verdict.PROVEN);
      editSql(text -> text.replaceAll("\"SELECT[^\"]*\"", "\"" + KEPT + "\""));

      // When
      StreamReport report = verify(stream, Values.ALWAYS);

      // Then
      assertThat(report.findings())
          .extracting(Finding::toString)
          .containsExactlyInAnyOrder(
              "partition 0: 1 delivered records are neither a row nor a dead letter, and the sql"
                  + " does not filter them: offsets 6",
              "partition 0: 1 rows are of records that the sql filters: offsets 15",
              "partition 0: 1 dead letters say that the sql fails for them, and it does not:"
                  + " offsets 10",
              "partition 0: 1 value differs from the topic's in column share: offsets 8");
      assertThat(report.findings())
          .filteredOn(finding -> finding.kind() == Kind.VALUES_DIFFER)
          .flatExtracting(Finding::values)
          .singleElement()
          .satisfies(
              value -> {
                assertThat(value.topic()).isEqualTo("20");
                assertThat(value.table()).isEqualTo("33");
              });
      // And rows of records for which the SQL has no value
      editSql(text -> text.replace("DIV amount", "DIV (id - 4)"));
      assertThat(verify(stream, Values.NEVER).findings())
          .extracting(Finding::toString)
          .contains("partition 0: 1 rows are of records that the sql has no value for: offsets 4");
    }
  }

  @Test
  void eachRecordIsHeldAgainstTheSqlOfItsTime() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given three SQLs, one after the other, and a start without any change
      send(topic, 2, 0, 20);
      Runs.Stream asked = stream(topic);
      Runs.drain(asked.sql(KEPT).config());
      Runs.drain(asked.config());
      send(topic, 2, 20, 40);
      Runs.drain(asked.sql("SELECT id, amount * 2L AS share FROM stream WHERE id > 25").config());
      send(topic, 2, 40, 60);
      StreamConfig none = asked.sql(null).config();
      Runs.drain(none);
      send(topic, 2, 60, 80);
      StreamConfig last = asked.sql("SELECT id FROM stream WHERE id <> 70").config();
      Runs.drain(last);

      // Then
      assertThat(sqlFiles()).hasSize(4);
      StreamReport report = verify(last, Values.ALWAYS);
      assertThat(report.findings()).isEmpty();
      assertThat(report.notes()).isEmpty();
      assertThat(report.rows()).isEqualTo(15 + 14 + 20 + 19);
      assertThat(report.valuesCompared()).isEqualTo(report.rows());

      // When a version is gone, so that what was before the last is not known
      for (Path file : sqlFiles().subList(0, 3)) {
        Files.delete(file);
      }

      // Then it says so, and claims what it knows
      StreamReport partly = verify(last, Values.WITH_MANIFEST);
      assertThat(partly.verdict()).isEqualTo(Verdict.PROVEN);
      assertThat(partly.notes()).singleElement().asString().contains("by which sql 60 records");
      StreamReport asWhole = verify(last, Values.ALWAYS);
      assertThat(asWhole.findings())
          .extracting(Finding::kind)
          .containsExactly(Kind.SQL_NOT_PROVABLE);
      assertThat(asWhole.valuesCompared()).isEqualTo(19);
    }
  }

  @Test
  void rowsOfBeforeTheFirstSqlAreNotClaimed() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      send(topic, 1, 0, 10);
      Runs.Stream asked = stream(topic);
      Runs.drain(asked.config());
      send(topic, 1, 10, 20);
      StreamConfig stream = asked.sql("SELECT id FROM stream WHERE id > 12").config();
      Runs.drain(stream);

      StreamReport report = verify(stream, Values.WITH_MANIFEST);

      assertThat(report.verdict()).isEqualTo(Verdict.PROVEN);
      assertThat(report.notes()).singleElement().asString().contains("by which sql 10 records");
    }
  }

  @Test
  void textOfAStructThatGrewIsNotClaimed() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given text that has a part for each member that is known by then
      Schema small = device("{'name':'os','type':'string'}");
      Schema large =
          device("{'name':'os','type':'string'},{'name':'model','type':'string','default':''}");
      stack.registry().register(topic.name + "-value", small);
      StreamConfig stream =
          stream(topic).sql("SELECT id, CAST(device AS STRING) AS device FROM stream").config();
      sendDevice(topic, small, 0);
      Runs.drain(stream);
      assertThat(verify(stream, Values.ALWAYS).verdict()).isEqualTo(Verdict.PROVEN);

      // When the struct grows, and a record of the smaller schema follows
      sendDevice(topic, large, 1);
      sendDevice(topic, small, 2);
      Runs.drain(stream);

      // Then
      StreamReport report = verify(stream, Values.ALWAYS);
      assertThat(report.findings())
          .extracting(Finding::kind)
          .containsExactly(Kind.SQL_NOT_PROVABLE);
      assertThat(report.findings().get(0).text()).contains("whole structs");
      assertThat(verify(stream, Values.NEVER).verdict()).isEqualTo(Verdict.PROVEN);
    }
  }

  @Test
  void valuesOfEveryTypeAreCompared() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      Schema every =
          schema(
              "{'name':'id','type':'long'},"
                  + field("flag", "'boolean'", "false")
                  + field("whole", "'int'", "0")
                  + field("small", "'float'", "0")
                  + field("real", "'double'", "0")
                  + field("raw", "'bytes'", "''")
                  + field("day", "{'type':'int','logicalType':'date'}", "0")
                  + field("at", "{'type':'long','logicalType':'timestamp-millis'}", "0")
                  + field("local", "{'type':'long','logicalType':'local-timestamp-micros'}", "0")
                  + field(
                      "price",
                      "{'type':'bytes','logicalType':'decimal','precision':30,'scale':3}",
                      "'\\u0000'")
                  + field("kind", "{'type':'enum','name':'Kind','symbols':['A','B']}", "'A'")
                  + field("tags", "{'type':'array','items':['null','string']}", "[]")
                  + field("counts", "{'type':'map','values':'int'}", "{}")
                  + field("either", "['null','long','string']", "null")
                  + "{'name':'device','type':{'type':'record','name':'Device','fields':["
                  + "{'name':'os','type':'string'},{'name':'port','type':['null','int']}]},"
                  + "'default':{'os':'','port':null}}");
      stack.registry().register(topic.name + "-value", every);
      for (long id = 0; id < 20; id++) {
        topic.send(0, every, everyType(every, id));
      }
      topic.awaitAcknowledged();
      String sql =
          "SELECT *, element_at(tags, 1) AS tag, whole + 1 AS plus, price * 2 AS twice,"
              + " map('a', whole, 'b', id) AS made, named_struct('d', day, 'os', device.os) AS part,"
              + " transform(tags, t -> upper(t)) AS loud, CAST(at AS DATE) AS date_of, small / 3 AS third,"
              + " try_cast(either.member_string AS INT) AS number, xxhash64(raw, real) AS hash"
              + " FROM stream WHERE size(tags) > 0";
      for (NumberTypes numbers : NumberTypes.values()) {
        StreamConfig stream =
            new Runs.Stream(topic.name, lake.resolve(numbers.name()))
                .numberTypes(numbers)
                .sql(sql)
                .config();
        Runs.drain(stream);

        StreamReport report = verify(stream, Values.ALWAYS);

        assertThat(report.findings()).isEmpty();
        assertThat(report.deadLetters()).isZero();
        assertThat(report.filtered()).isEqualTo(7);
        assertThat(report.valuesCompared()).isEqualTo(13);
      }
    }
  }

  private static GenericRecordBuilder everyType(Schema schema, long id) {
    GenericRecordBuilder device =
        new GenericRecordBuilder(schema.getField("device").schema())
            .set("os", "os " + id)
            .set("port", id % 2 == 0 ? null : (int) id);
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < id % 3; i++) {
      tags.add(id % 4 == 0 ? null : "tag\u00e9 " + id);
    }
    return new GenericRecordBuilder(schema)
        .set("id", id)
        .set("flag", id % 2 == 0)
        .set("whole", (int) -id)
        .set("small", id / 7f)
        .set("real", id == 5 ? Double.NaN : -id / 7d)
        .set("raw", ByteBuffer.wrap(new byte[] {(byte) id, -1}))
        .set("day", (int) id * 1000)
        .set("at", id * 1_000_000_007L)
        .set("local", -id * 1_000_003L)
        .set(
            "price",
            ByteBuffer.wrap(BigInteger.TEN.pow(20).add(BigInteger.valueOf(id)).toByteArray()))
        .set("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), "B"))
        .set("tags", tags)
        .set("counts", Map.of("k" + id, (int) id))
        .set("either", id % 3 == 0 ? null : id % 3 == 1 ? (Object) id : "" + id)
        .set("device", device.build());
  }

  private static String field(String name, String type, String defaultValue) {
    return "{'name':'%s','type':%s,'default':%s},".formatted(name, type, defaultValue);
  }

  private Runs.Stream stream(TestTopic topic) {
    return new Runs.Stream(topic.name, lake.resolve("t")).named("s");
  }

  private StreamReport verify(StreamConfig stream, Values values) {
    VerifyOptions options = VerifyOptions.defaults();
    return Verifier.verify(
            stack.config(stream),
            new VerifyOptions(options.streams(), options.manifests(), values, options.threads()),
            (name, phase, done, total) -> {})
        .streams()
        .get(0);
  }

  private List<Path> sqlFiles() throws IOException {
    try (Stream<Path> files = Files.list(lake.resolve("t/_millrace/sql"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }

  private void editSql(UnaryOperator<String> change) throws IOException {
    Path file = sqlFiles().get(0);
    edit(file, change);
    // Hadoop's local file system keeps a checksum beside it.
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  private void editLastCommit(UnaryOperator<String> change) throws IOException {
    Path log = lake.resolve("t/_delta_log");
    List<Path> commits;
    try (Stream<Path> files = Files.list(log)) {
      commits =
          files
              .filter(file -> file.getFileName().toString().matches("\\d{20}\\.json"))
              .sorted()
              .toList();
    }
    Path last = commits.get(commits.size() - 1);
    edit(last, change);
    Files.deleteIfExists(Path.of(last.toString().replace(".json", ".crc")));
  }

  private static void edit(Path file, UnaryOperator<String> change) throws IOException {
    String before = Files.readString(file);
    String after = change.apply(before);
    assertThat(after).isNotEqualTo(before);
    Files.writeString(file, after);
  }

  private void send(TestTopic topic, int partitions, long from, long to) {
    Schema schema = READING;
    stack.registry().register(topic.name + "-value", schema);
    for (long id = from; id < to; id++) {
      topic.send(
          (int) (id % partitions),
          schema,
          new GenericRecordBuilder(schema).set("id", id).set("amount", 5));
    }
    topic.awaitAcknowledged();
  }

  private static void sendDevice(TestTopic topic, Schema schema, long id) {
    GenericRecordBuilder device =
        new GenericRecordBuilder(schema.getField("device").schema()).set("os", "os " + id);
    topic.send(
        0, schema, new GenericRecordBuilder(schema).set("id", id).set("device", device.build()));
    topic.awaitAcknowledged();
  }

  private static Schema device(String members) {
    return schema(
        "{'name':'id','type':'long'},{'name':'device','type':{'type':'record','name':'Device','fields':["
            + members
            + "]},'default':{'os':''}}");
  }

  private static Schema schema(String fields) {
    String json = "{'type':'record','name':'Reading','fields':[" + fields + "]}";
    return new Schema.Parser().parse(json.replace('\'', '"'));
  }
}
