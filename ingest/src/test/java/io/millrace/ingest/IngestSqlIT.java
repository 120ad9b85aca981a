package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.FieldRule;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.ingest.redrive.Redrive;
import io.millrace.lake.deadletter.DeadLetterFilter;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.deadletter.ErrorClass;
import io.millrace.lake.verify.Finding;
import io.millrace.lake.verify.Finding.Kind;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verdict;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams whose rows a SQL makes. */
class IngestSqlIT {
  private static final String FIELDS =
      "{'name':'id','type':'long'},"
          + "{'name':'at','type':{'type':'long','logicalType':'timestamp-millis'},'default':0},"
          + "{'name':'note','type':['null','string'],'default':null},"
          + "{'name':'amount','type':'int','default':1},"
          + "{'name':'rank','type':'int','default':1}";

  private static final String SHARES =
      "SELECT id, upper(note) AS note, device.os AS os, 1000 DIV amount AS share, at"
          + " FROM stream WHERE note <> 'noise'";

  private static final long AT = 1_700_000_000_000L;

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void rowsAreMadeAndWhatIsFilteredIsCounted() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given noise, two amounts of zero, and a rank that a rule forbids
      Schema schema = latest(topic, schema(FIELDS + device("{'name':'os','type':'string'}")));
      send(topic, schema, 0, 40);
      Runs.Stream asked =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .withKey("kafka_key")
              .partitionBy("at", PartitionBy.Unit.DATE, "day")
              .rules(new FieldRule("rank", true, null, new BigDecimal(10), null, List.of()))
              .sql(SHARES);
      StreamConfig stream = asked.config();

      // When
      IngestResult.Stream result = Runs.drain(stream).streams().get(0);

      // Then
      assertThat(result.error()).isNull();
      assertThat(result.records()).isEqualTo(27);
      assertThat(result.filtered()).isEqualTo(10);
      assertThat(result.deadLetters()).isEqualTo(3);
      List<Map<String, Object>> rows = rows(stream);
      assertThat(rows).hasSize(27);
      assertThat(rows.get(3))
          .containsEntry("id", 4L)
          .containsEntry("note", "NOTE 4")
          .containsEntry("os", "os 4")
          .containsEntry("share", 200L)
          .containsEntry("at", (AT + 4) * 1000)
          .containsEntry("kafka_partition", 0)
          .containsEntry("kafka_offset", 2L)
          .containsKeys("day", "kafka_timestamp", "kafka_key")
          .doesNotContainKeys("amount", "rank", "device");
      assertThat(dead(stream))
          .extracting(row -> row.get("error_class"))
          .containsExactlyInAnyOrder("TRANSFORM", "TRANSFORM", "INVALID");
      assertThat(dead(stream))
          .filteredOn(row -> row.get("error_class").equals("TRANSFORM"))
          .allSatisfy(
              row ->
                  assertThat((String) row.get("error_message"))
                      .contains("DIVIDE_BY_ZERO")
                      .hasLineCount(1));
      prove(stream, 27, 3, 10);

      // When it goes on after a restart
      send(topic, schema, 40, 60);
      assertThat(Runs.drain(stream).streams().get(0).filtered()).isEqualTo(5);
      prove(stream, 42, 3, 15);
    }
  }

  @Test
  void recordsThatAreAllFilteredMoveTheStreamOn() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 30_000, 2);
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .mostBytes(100_000)
              .sql("SELECT id FROM stream WHERE note IS NULL")
              .config();

      IngestResult result = Runs.drain(stream);

      assertThat(result.drained()).isTrue();
      assertThat(result.streams().get(0).filtered()).isEqualTo(30_000);
      assertThat(result.streams().get(0).batches()).isGreaterThan(1);
      assertThat(result.streams().get(0).files()).isZero();
      prove(stream, 0, 0, 30_000);
    }
  }

  @Test
  void aStarFollowsTheWritersAndANamedListDoesNot() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 3)) {
      // Given tables of the first version
      Schema first = latest(topic, schema(FIELDS + device("{'name':'os','type':'string'}")));
      send(topic, first, 0, 24);
      StreamConfig star =
          new Runs.Stream(topic.name, lake.resolve("star"))
              .sql("SELECT *, id + 1 AS tag FROM stream WHERE note <> 'noise'")
              .config();
      StreamConfig named =
          new Runs.Stream(topic.name, lake.resolve("named"))
              .sql("SELECT id, device AS device FROM stream")
              .config();
      assertThat(Runs.drain(star, named).drained()).isTrue();

      // When versions with more come in each partition, and one that the star can't take
      Schema second =
          schema(
              FIELDS
                  + device(
                      "{'name':'os','type':'string'},"
                          + "{'name':'model','type':['null','string'],'default':null}")
                  + ",{'name':'extra','type':['null','string'],'default':null}");
      Schema clash = schema("{'name':'id','type':'long'},{'name':'tag','type':'long'}");
      for (long id = 24; id < 84; id++) {
        send(topic, id % 4 < 2 ? first : second, id, id + 1);
      }
      topic.send(1, clash, new GenericRecordBuilder(clash).set("id", 84L).set("tag", 1L));
      // And a field that no column can hold, which only the star reads
      Schema recursive =
          schema(
              "{'name':'id','type':'long'},{'name':'tree','type':{'type':'record','name':'Tree',"
                  + "'fields':[{'name':'left','type':['null','Tree'],'default':null}]}}");
      topic.send(
          2,
          recursive,
          new GenericRecordBuilder(recursive)
              .set("id", 85L)
              .set("tree", new GenericRecordBuilder(recursive.getField("tree").schema()).build()));
      topic.awaitAcknowledged();
      IngestResult result = Runs.drain(star, named);

      // Then
      assertThat(result.firstFailure()).isEmpty();
      assertThat(result.streams()).allMatch(s -> s.restarts() == 0);
      List<Map<String, Object>> rows = rows(star);
      assertThat(rows).hasSize(63);
      for (Map<String, Object> row : rows) {
        long id = (long) row.get("id");
        boolean isSecond = id >= 24 && id % 4 >= 2;
        assertThat(row.get("extra")).isEqualTo(isSecond ? "extra " + id : null);
        assertThat(row.get("tag")).isEqualTo(id + 1);
        assertThat((Map<?, ?>) row.get("device"))
            .hasToString("{os=os %d, model=%s}".formatted(id, isSecond ? "model " + id : null));
      }
      assertThat(dead(star))
          .extracting(row -> row.get("error_class"))
          .containsExactlyInAnyOrder("TRANSFORM", "TYPE_CONFLICT");
      assertThat(dead(star))
          .filteredOn(row -> row.get("error_class").equals("TRANSFORM"))
          .allSatisfy(
              row ->
                  assertThat((String) row.get("error_message"))
                      .contains("does not fit the record's schema", "the name tag"));
      prove(star, 63, 2, 21);
      assertThat(rows(named)).hasSize(86).allMatch(row -> !row.containsKey("extra"));
      prove(named, 86, 0, 0);

      // When it begins anew with the subject's latest, which is narrower than the table
      send(topic, first, 84, 90);
      send(topic, second, 90, 96);
      assertThat(Runs.drain(star, named).drained()).isTrue();
      prove(star, 72, 2, 24);
      assertThat(rows(star).get(71).get("extra")).isEqualTo("extra 94");
      assertThat(rows(star).get(63).get("device")).hasToString("{os=os 84, model=null}");
    }
  }

  @Test
  void aFieldThatTheLatestSchemasDropOrContradictKeepsNoStreamFromStarting() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given a stream that names fields
      Schema first = latest(topic, schema(FIELDS + device("{'name':'os','type':'string'}")));
      send(topic, first, 0, 4);
      Runs.Stream asked = new Runs.Stream(topic.name, lake.resolve("t"));
      String select = "SELECT id, amount, upper(note) AS note FROM stream";
      StreamConfig stream = asked.sql(select).config();
      Runs.drain(stream);

      // When the latest schemas drop one, then another, and there is a start for each
      Schema second =
          schema(
              "{'name':'id','type':'long'},{'name':'note','type':['null','string'],'default':null}");
      Schema third = schema("{'name':'id','type':'long'}");
      long id = 4;
      for (Schema schema : List.of(second, third, third)) {
        latest(topic, schema);
        GenericRecordBuilder record = new GenericRecordBuilder(schema).set("id", id++);
        topic.send(0, schema, record);
        topic.awaitAcknowledged();
        assertThat(Runs.drain(stream).firstFailure()).isEmpty();
      }

      // Then they are null, and records that have them still bring them
      send(topic, first, 8, 11);
      assertThat(Runs.drain(stream).firstFailure()).isEmpty();
      assertThat(rows(stream))
          .extracting(row -> row.get("id") + " " + row.get("amount") + " " + row.get("note"))
          .containsExactly(
              "0 5 NOTE 0",
              "1 5 NOTE 1",
              "2 5 NOTE 2",
              "3 5 NOISE",
              "4 null null",
              "5 null null",
              "6 null null",
              "8 0 NOTE 8",
              "9 0 NOTE 9",
              "10 5 NOTE 10");

      // When the latest contradicts a column, its records are dead letters
      Schema text =
          schema("{'name':'id','type':'long'},{'name':'amount','type':'string','default':''}");
      latest(topic, text);
      topic.send(0, text, new GenericRecordBuilder(text).set("id", 11L).set("amount", "12"));
      topic.awaitAcknowledged();
      assertThat(Runs.drain(stream).firstFailure()).isEmpty();
      assertThat(dead(stream))
          .extracting(row -> row.get("error_class"))
          .containsExactly("TYPE_CONFLICT");

      // Until the sql is one for the new type: then the records of the old one are
      StreamConfig mended =
          asked
              .named(stream.name())
              .sql(select.replace("amount", "CAST(amount AS INT) AS amount"))
              .config();
      assertThat(redrive(mended).redriven()).isEqualTo(1);
      topic.send(0, text, new GenericRecordBuilder(text).set("id", 12L).set("amount", "13"));
      topic.awaitAcknowledged();
      assertThat(Runs.drain(mended).firstFailure()).isEmpty();
      assertThat(rows(mended)).extracting(row -> row.get("amount")).endsWith(12L, 13L);
      prove(mended, 12, 1, 0);
    }
  }

  @Test
  void deadLettersAreRedrivenByTheSqlOfNow() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      Schema schema = latest(topic, schema(FIELDS + device("{'name':'os','type':'string'}")));
      send(topic, schema, 0, 40);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).sql(SHARES).config();
      Runs.drain(stream);
      prove(stream, 28, 2, 10);
      assertThat(redrive(stream))
          .isEqualTo(new Redrive.Result(0, Map.of(ErrorClass.TRANSFORM, 2L)));

      // When the sql is mended for one of the two, and filters the other
      StreamConfig mended =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .named(stream.name())
              .sql(SHARES.replace("amount", "nullif(amount, 0)") + " AND id <> 8")
              .config();
      Redrive.Result result = redrive(mended);

      // Then
      assertThat(result).isEqualTo(new Redrive.Result(1, Map.of(ErrorClass.TRANSFORM, 1L)));
      StreamReport report = prove(mended, 29, 2, 10);
      assertThat(report.redriven()).isEqualTo(1);
      assertThat(rows(mended))
          .filteredOn(row -> row.get("share") == null)
          .singleElement()
          .satisfies(row -> assertThat(row).containsEntry("id", 9L).containsEntry("os", "os 9"));
    }
  }

  @Test
  void aRestartDuringAnOutageOfTheRegistryKnowsTheSchemaOfTheLastStart() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        GatedRegistry down = new GatedRegistry(stack.stack().registryUrl())) {
      topic.sendReadings(0, 10, 1);
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t")).sql("SELECT id FROM stream").config();
      Runs.drain(stream);

      down.open = false;
      topic.sendReadings(10, 20, 1);
      MillraceConfig config = stack.config(stream);
      IngestResult result =
          Runs.drain(
              new MillraceConfig(
                  config.kafka(),
                  new RegistryConfig(
                      down.url(), Map.of("max.retries", "1", "retries.wait.ms", "10")),
                  config.spark(),
                  config.hadoop(),
                  config.streams()));

      assertThat(result.drained()).isTrue();
      assertThat(down.refused).hasPositiveValue();
      prove(stream, 20, 0, 0);
    }
  }

  @Test
  void aSqlThatDoesNotFitIsRefusedAtTheStart() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 10, 1);
      Runs.Stream stream = new Runs.Stream(topic.name, lake.resolve("t")).named("refused");

      assertRefused(
          stream.sql("SELECT nothing FROM stream"), "The sql of stream refused", "nothing");
      assertRefused(stream.sql("SELECT count(*) AS n FROM stream"), "at most one row");
      assertRefused(
          stream.sql("SELECT id AS Kafka_Offset FROM stream"),
          "Kafka_Offset has the name of a column",
          "another name (AS)");
      assertRefused(
          stream
              .sql("SELECT id FROM stream")
              .rules(new FieldRule("gone", true, null, null, null, List.of())),
          "rules.gone");
      assertThat(lake.resolve("t/_delta_log")).doesNotExist();

      stream.rules();
      Runs.drain(stream.sql("SELECT id FROM stream").config());
      assertRefused(
          stream.sql("SELECT CAST(id AS STRING) AS id FROM stream"),
          "id is STRING, and LONG in the table",
          "Cast it");
      assertRefused(stream.sql("SELECT id AS ID FROM stream"), "case must be the same");
      assertThat(TableRows.read(lake.resolve("t").toString())).hasSize(10);
    }
  }

  private static void assertRefused(Runs.Stream stream, String... texts) {
    IngestResult.Stream failure = Runs.drain(stream.config()).firstFailure().orElseThrow();
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(failure.error()).contains(texts).hasLineCount(1);
  }

  private Redrive.Result redrive(StreamConfig stream) {
    return Redrive.run(
        stack.config(stream),
        stream,
        DeadLetterFilter.ALL,
        Redrive.Options.DEFAULTS,
        InstantSource.system());
  }

  /** Proven, values included, but for those of redriven rows. */
  private StreamReport prove(StreamConfig stream, long rows, long dead, long filtered)
      throws Exception {
    StreamReport report = verify(stream, VerifyOptions.Values.WITH_MANIFEST);
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.PROVEN);
    assertThat(report.rows()).isEqualTo(rows);
    assertThat(report.deadLetters()).isEqualTo(dead);
    assertThat(report.filtered()).isEqualTo(filtered);
    StreamReport values = verify(stream, VerifyOptions.Values.ALWAYS);
    assertThat(values.valuesCompared()).isEqualTo(rows - report.redriven());
    if (report.redriven() == 0) {
      assertThat(report.notes()).isEmpty();
      assertThat(values.findings()).isEmpty();
    } else {
      assertThat(report.notes()).singleElement().asString().contains("by which sql 1 record");
      assertThat(values.findings())
          .extracting(Finding::kind)
          .containsExactly(Kind.SQL_NOT_PROVABLE);
    }
    return report;
  }

  private StreamReport verify(StreamConfig stream, VerifyOptions.Values values) throws Exception {
    VerifyOptions options = VerifyOptions.defaults();
    return Verifier.verify(
            stack.config(stream),
            new VerifyOptions(options.streams(), options.manifests(), values, options.threads()),
            (name, phase, done, total) -> {})
        .streams()
        .get(0);
  }

  /** Every fourth is noise, 8 and 9 have no amount, 12 has too high a rank. */
  private static void send(TestTopic topic, Schema schema, long from, long to) {
    for (long id = from; id < to; id++) {
      GenericRecordBuilder record = new GenericRecordBuilder(schema);
      record.set("id", id).set("at", AT + id).set("note", id % 4 == 3 ? "noise" : "note " + id);
      record.set("amount", id == 8 || id == 9 ? 0 : 5).set("rank", id == 12 ? 11 : 1);
      GenericRecord device =
          new GenericRecordBuilder(schema.getField("device").schema())
              .set("os", "os " + id)
              .build();
      if (schema.getField("extra") != null) {
        record.set("extra", "extra " + id);
        device.put("model", "model " + id);
      }
      topic.send((int) (id % 2), schema, record.set("device", device));
    }
    topic.awaitAcknowledged();
  }

  private Schema latest(TestTopic topic, Schema schema) {
    stack.registry().register(topic.name + "-value", schema);
    return schema;
  }

  private static String device(String members) {
    return ",{'name':'device','type':{'type':'record','name':'Device','fields':["
        + members
        + "]},'default':{'os':''}}";
  }

  private static Schema schema(String fields) {
    String json = "{'type':'record','name':'Reading','fields':[" + fields + "]}";
    return new Schema.Parser().parse(json.replace('\'', '"'));
  }

  private static List<Map<String, Object>> rows(StreamConfig stream) {
    List<Map<String, Object>> rows = new ArrayList<>(TableRows.read(stream.table()));
    rows.sort(Comparator.comparing(row -> (Long) row.get("id")));
    return rows;
  }

  private static List<Map<String, Object>> dead(StreamConfig stream) {
    return TableRows.read(DeadLetterTable.path(stream.table()));
  }
}
