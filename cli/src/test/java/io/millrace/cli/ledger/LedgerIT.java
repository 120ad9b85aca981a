package io.millrace.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.MillraceCli;
import io.millrace.cli.SparkSessions;
import io.millrace.embedded.LocalStack;
import io.millrace.lake.delta.LakeConfiguration;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ledger} and {@code asof} over a table of many versions. */
class LedgerIT {
  private static final int RECORDS = 60;

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
              events: {topic: events, table: lake/events, maxRecordsPerTrigger: 10,
                       tableProperties: {delta.checkpointInterval: 3}}
              later: {topic: others, table: lake/others}
            """
                .formatted(stack.bootstrapServers(), stack.registryUrl()));
    assertThat(
            run("produce", "--topic=events", "--create=2", "--records=" + RECORDS, "--rate=1000")
                .code())
        .isZero();
    Run ingest = run("ingest", "--once", "--stream=events");
    assertThat(ingest.code()).as(ingest.err()).isZero();
  }

  @AfterAll
  static void stop() {
    SparkSessions.stop();
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void showsWhatEachPartitionGave() throws Exception {
    Run all = run("ledger");
    assertThat(all.code()).as(all.err()).isZero();
    assertThat(all.out())
        .contains("stream events: topic events in ")
        .contains("stream later: there is no table yet")
        .containsPattern("partition +first +next +offsets +rows +nulls +dead letters +filtered")
        .containsPattern("(?m)^ +all +60 +60 +0 +0 +0 +0 +0$");

    JsonNode stream = json("ledger", "--topic=events", "--partition=1", "--json").path("streams");
    assertThat(stream).hasSize(1);
    assertThat(stream.get(0).path("partitions")).hasSize(1);
    JsonNode line = stream.get(0).path("partitions").get(0);
    assertThat(line.path("partition").asInt()).isEqualTo(1);
    assertThat(line.path("next").asLong())
        .isEqualTo(line.path("rows").asLong())
        .isBetween(1L, RECORDS - 1L);

    JsonNode early = json("ledger", "--stream=events", "--version-as-of=2", "--json");
    assertThat(early.path("streams").get(0).path("version").asLong()).isEqualTo(2);
    assertThat(early.path("streams").get(0).path("sequence").asLong()).isEqualTo(2);
    Run none = run("ledger", "--stream=events", "--version-as-of=1000");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("a version that ", " still has, 0 to ");
    assertThat(run("ledger", "--topic=none").err()).contains("there are the topics events, others");
  }

  @Test
  void findsTheFirstVersionThatHoldsAnOffset() throws Exception {
    // Given what Delta's own reader sees in each version
    SparkSession spark = spark();
    List<Long> offsets = List.of(0L, 7L, 20L);
    for (long offset : offsets) {
      // When
      JsonNode found =
          json("asof", "--stream=events", "--partition=1", "--offset=" + offset, "--json");

      // Then
      long version = found.path("version").asLong();
      assertThat(count(spark, version, offset)).isEqualTo(1);
      assertThat(count(spark, version - 1, offset)).isZero();
      assertThat(found.path("oldest").asBoolean()).isFalse();
    }
    Run text = run("asof", "--topic=events", "--partition=1", "--offset=0");
    assertThat(text.out())
        .contains("stream events: partition 1 offset 0: since version ")
        .contains("VERSION AS OF");
  }

  private static SparkSession spark() {
    SparkSessions.stop();
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    LakeConfiguration.sparkLogStores().forEach(builder::config);
    return builder.getOrCreate();
  }

  private static long count(SparkSession spark, long version, long offset) {
    return spark
        .read()
        .format("delta")
        .option("versionAsOf", version)
        .load(directory.resolve("lake/events").toString())
        .where("kafka_partition = 1 AND kafka_offset = " + offset)
        .count();
  }

  @Test
  void exportsWhatEachCommitTook() throws Exception {
    Run first = run("ledger", "export", "--stream=events");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out())
        .containsPattern("stream events: [1-9]\\d* rows to .*lake/events_ledger");
    assertThat(run("ledger", "export").out())
        .contains("stream events: 0 rows to ")
        .contains("stream later: there is no table yet");

    // Then Delta's own reader answers there what asof says
    Dataset<Row> batches =
        spark()
            .read()
            .format("delta")
            .load(directory.resolve("lake/events_ledger").toString())
            .where("stream = 'events' AND kind = 'BATCH'");
    assertThat(batches.selectExpr("sum(rows)", "sum(to_offset - from_offset)").head())
        .isEqualTo(RowFactory.create((long) RECORDS, (long) RECORDS));
    JsonNode found = json("asof", "--stream=events", "--partition=1", "--offset=7", "--json");
    assertThat(
            batches
                .where("kafka_partition = 1 AND from_offset <= 7 AND to_offset > 7")
                .select("version")
                .head()
                .getLong(0))
        .isEqualTo(found.path("version").asLong());

    assertThat(run("ledger", "export", "--to=elsewhere").err()).contains("2 streams are meant");
  }

  @Test
  void findsTheVersionForATime() throws Exception {
    JsonNode all = json("asof", "--stream=events", "--time=2100-01-01T00:00:00Z", "--json");
    JsonNode latest = json("ledger", "--stream=events", "--json").path("streams").get(0);
    JsonNode before =
        json(
            "ledger",
            "--stream=events",
            "--json",
            "--version-as-of=" + (all.path("version").asLong() - 1));

    assertThat(rows(latest)).isEqualTo(RECORDS);
    assertThat(rows(before.path("streams").get(0))).isLessThan(RECORDS);
    JsonNode early = json("asof", "--stream=events", "--time=2025-01-01T00:00:00Z", "--json");
    assertThat(early.path("version").asLong()).isLessThan(all.path("version").asLong());
  }

  private static long rows(JsonNode stream) {
    long rows = 0;
    for (JsonNode line : stream.path("partitions")) {
      rows += line.path("rows").asLong();
    }
    return rows;
  }

  @Test
  void saysNoWhereNothingHoldsIt() {
    Run later = run("asof", "--stream=events", "--partition=0", "--offset=1000");
    assertThat(later.code()).isEqualTo(1);
    assertThat(later.out())
        .containsPattern("in no version, not ingested yet: partition 0 is at offset \\d+ of 1001");
    Run unknown = run("asof", "--stream=events", "--partition=9", "--offset=1");
    assertThat(unknown.out()).contains("the stream does not know partition 9 yet");

    assertThat(run("asof", "--stream=events").err())
        .contains("--partition and --offset, or --time");
    assertThat(run("asof", "--stream=events", "--offset=1").err()).contains("needs --partition");
    assertThat(run("asof", "--partition=0", "--offset=1").err())
        .contains("2 streams are meant: events, later");
    Run noTable = run("asof", "--stream=later", "--partition=0", "--offset=1");
    assertThat(noTable.code()).isEqualTo(2);
    assertThat(noTable.err()).contains("there is no table at ");
  }

  @Test
  void showsWhatWasAcceptedAsLost() throws Exception {
    // Given a stream of a topic that lost what it had not ingested
    String topic = "--set=streams.later.topic=overtaken";
    String table = "--set=streams.later.table=lake/overtaken";
    run("produce", "--topic=overtaken", "--create=1", "--records=20", "--rate=1000");
    assertThat(run("ingest", "--stream=later", "--once", topic, table).code()).isZero();
    run("produce", "--topic=overtaken", "--records=20", "--rate=1000");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
      TopicPartition partition = new TopicPartition("overtaken", 0);
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(25))).all().get();
    }
    Run refused = run("ingest", "--stream=later", "--once", topic, table);
    assertThat(refused.code()).isEqualTo(4);
    assertThat(refused.err()).contains("partition 0 offsets 20-24 (5)", "--accept-loss");
    assertThat(run("ingest", "--stream=later", "--accept-loss=0", topic, table).code())
        .isEqualTo(2);
    assertThat(run("ingest", "--stream=later", "--once", "--accept-loss=4", topic, table).code())
        .isEqualTo(4);

    // When an operator accepts it
    Run accepted = run("ingest", "--stream=later", "--accept-loss", "--once", topic, table);

    // Then
    assertThat(accepted.code()).as(accepted.err()).isZero();
    assertThat(run("ledger", "--stream=later", topic, table).out())
        .containsPattern("(?m)^ +0 +0 +40 +40 +35 +0 +0 +0 +0 +5$")
        .containsPattern("partition 0: offsets 20-24 \\(5\\) were accepted as lost at .+ by .+@");
    JsonNode json = json("ledger", "--stream=later", "--json", topic, table).path("streams").get(0);
    assertThat(json.path("partitions").get(0).path("lost").asLong()).isEqualTo(5);
    assertThat(json.path("accepted").get(0).path("from").asLong()).isEqualTo(20);
    assertThat(json.path("accepted").get(0).path("to").asLong()).isEqualTo(25);
    Run lost = run("asof", "--stream=later", "--partition=0", "--offset=24", topic, table);
    assertThat(lost.code()).isEqualTo(1);
    assertThat(lost.out()).contains("in no version, it was accepted as lost at ");
    assertThat(run("asof", "--stream=later", "--partition=0", "--offset=25", topic, table).code())
        .isZero();
  }

  @Test
  void showsTheGenerationsOfATopicThatWasMadeAnew() throws Exception {
    // Given a stream whose topic was deleted and made anew
    String topic = "--set=streams.later.topic=anew";
    String table = "--set=streams.later.table=lake/anew";
    run("produce", "--topic=anew", "--create=1", "--records=20", "--rate=1000");
    assertThat(run("ingest", "--stream=later", "--once", topic, table).code()).isZero();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
      admin.deleteTopics(List.of("anew")).all().get();
    }
    assertThat(run("produce", "--topic=anew", "--create=1", "--records=5", "--rate=1000").code())
        .isZero();
    Run refused = run("ingest", "--stream=later", "--once", topic, table);
    assertThat(refused.code()).isEqualTo(4);
    assertThat(refused.err()).contains("created again", "--accept-new-generation");
    assertThat(run("ingest", "--stream=later", "--accept-new-generation=1", topic, table).code())
        .isEqualTo(2);

    // When an operator accepts the new one
    Run accepted =
        run("ingest", "--stream=later", "--accept-new-generation", "--once", topic, table);

    // Then
    assertThat(accepted.code()).as(accepted.err()).isZero();
    assertThat(run("ledger", "--stream=later", topic, table).out())
        .containsPattern("generation 2: topic id \\S+, cluster \\S+\\R")
        .containsPattern("(?m)^ +0 +0 +5 +5 +5 +0 +0 +0 +0 +0$")
        .containsPattern("generation 1, which has ended: topic id")
        .containsPattern("(?m)^ +0 +0 +20 +20 +20 +0 +0 +0 +0 +0$");
    JsonNode json = json("ledger", "--stream=later", "--json", topic, table).path("streams").get(0);
    assertThat(json.path("generation").asInt()).isEqualTo(2);
    assertThat(json.path("closed").get(0).path("partitions").get(0).path("rows").asInt())
        .isEqualTo(20);
    String[] offset = {"asof", "--stream=later", "--partition=0", "--offset=10", topic, table};
    assertThat(run(offset).out()).contains("in no version, not ingested yet");
    String[] earlier = Arrays.copyOf(offset, offset.length + 1);
    earlier[offset.length] = "--generation=1";
    assertThat(run(earlier).out()).contains("since version");
    earlier[offset.length] = "--generation=3";
    assertThat(run(earlier).code()).isEqualTo(2);
    assertThat(run("verify", "--stream=later", topic, table).out())
        .contains("topic anew (generation 2)", "25 rows", "proven");
    assertThat(run("ledger", "export", "--stream=later", topic, table).code()).isZero();
  }

  @Test
  void saysWhereTheLogBegins() throws Exception {
    // Given a copy of the table whose log has lost what comes before its last checkpoint
    Path copy = directory.resolve("lake/copy");
    copy(directory.resolve("lake/events"), copy);
    long checkpoint;
    try (Stream<Path> log = Files.list(copy.resolve("_delta_log"))) {
      List<Path> files = log.sorted().toList();
      checkpoint =
          files.stream()
              .map(file -> file.getFileName().toString())
              .filter(name -> name.contains(".checkpoint."))
              .mapToLong(name -> Long.parseLong(name.substring(0, 20)))
              .max()
              .orElseThrow();
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.matches("\\d{20}\\..*") && Long.parseLong(name.substring(0, 20)) < checkpoint) {
          Files.delete(file);
        }
      }
    }

    // When and then
    JsonNode found =
        json(
            "asof",
            "--stream=events",
            "--partition=1",
            "--offset=0",
            "--json",
            "--set=streams.events.table=" + copy);
    assertThat(found.path("version").asLong()).isEqualTo(checkpoint);
    assertThat(found.path("oldest").asBoolean()).isTrue();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static JsonNode json(String... arguments) throws IOException {
    Run run = run(arguments);
    assertThat(run.code()).as(run.err() + run.out()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  private static Run run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-c", config.toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        MillraceCli.execute(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }
}
