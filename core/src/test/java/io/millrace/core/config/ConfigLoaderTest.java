package io.millrace.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  private static final String HEAD =
      """
      kafka:
        bootstrap.servers: broker:9092
      registry:
        url: http://registry:8081
      """;

  @TempDir private Path directory;

  private final Map<String, String> environment = Map.of("SECRET", "hunter2", "RATE", "fast");

  private LoadedConfig load(String text, ConfigOverride... overrides) throws IOException {
    Path file = directory.resolve("millrace.yaml");
    Files.writeString(file, text);
    return ConfigLoader.load(file, List.of(overrides), environment::get);
  }

  private MillraceException error(String text, ConfigOverride... overrides) {
    return catchThrowableOfType(MillraceException.class, () -> load(text, overrides));
  }

  /** All errors of a config, whether one or several. */
  private List<String> errors(String text, ConfigOverride... overrides) {
    MillraceException error = error(text, overrides);
    assertThat(error).as("an error for\n%s", text).isNotNull();
    assertThat(error.exitCode()).isEqualTo(ExitCode.USAGE);
    return error.details().isEmpty() ? List.of(error.reason()) : error.details();
  }

  private static String stream(String... keys) {
    return HEAD + "streams:\n  a:\n    topic: t\n    table: x\n    " + String.join("\n    ", keys);
  }

  @Test
  void fillsInEveryDefault() throws IOException {
    MillraceConfig config = load(stream()).config();

    StreamConfig stream = config.streams().get("a");
    assertThat(stream).isEqualTo(StreamConfig.of("a", "t", directory.resolve("x").toString()));
    assertThat(config.kafka()).isEqualTo(Map.of("bootstrap.servers", "broker:9092"));
    assertThat(config.registry()).isEqualTo(new RegistryConfig("http://registry:8081", Map.of()));
    assertThat(config.spark()).isEmpty();
    assertThat(config.hadoop()).isEmpty();
  }

  @Test
  void readsEveryKey() throws IOException {
    MillraceConfig config =
        load("""
                kafka:
                  bootstrap.servers: broker:9092
                  fetch.min.bytes: 1
                registry:
                  url: http://registry:8081/
                  basic.auth.user.info: u:p
                spark:
                  spark.master: local[4]
                hadoop:
                  fs.s3a.path.style.access: true
                streams:
                  a:
                    topic: t
                    table: s3a://bucket/t
                    subject: s
                    startingOffsets: 2026-01-31T00:00:00Z
                    triggerInterval: 500ms
                    maxRecordsPerTrigger: 1_000
                    maxBytesPerTrigger: 64MiB
                    targetFileBytes: 1MiB
                    compression: snappy
                    columns:
                      partition: p
                      offset: o
                      timestamp: off
                      key: k
                      keyFormat: avro
                      headers: h
                    nullValues: fail
                    partitionBy:
                      source: ts
                      unit: hour
                    tableProperties:
                      delta.logRetentionDuration: interval 2 days
                    maxRestarts: 0
                    restartFor: 5m
                    numberTypes: exact
                    unknownSchemaAfter: 10s
                    rules:
                      user.id: {notNull: true, min: 1, max: 1e9}
                      kind: {in: [a, b], pattern: "[a-z]+"}
                    breaker: {records: 10, percent: 2.5, window: 5m}
                    maxRecordBytes: 2MiB
                    deadLetterTopic: broken
                    sql: SELECT a FROM stream WHERE b <> 'x'
                    consumerGroup: lag
                    kafka:
                      fetch.min.bytes: 2
                """)
            .config();

    StreamConfig stream = config.streams().get("a");
    assertThat(stream)
        .isEqualTo(
            new StreamConfig(
                "a",
                "t",
                "s3a://bucket/t",
                "s",
                new StartingOffsets.AtTimestamp(Instant.parse("2026-01-31T00:00:00Z")),
                Duration.ofMillis(500),
                1_000,
                64L << 20,
                1L << 20,
                Compression.SNAPPY,
                new KafkaColumns(
                    Optional.of("p"),
                    Optional.of("o"),
                    Optional.empty(),
                    Optional.of("k"),
                    KeyFormat.AVRO,
                    Optional.of("h")),
                NullValues.FAIL,
                Optional.of(new PartitionBy("ts", PartitionBy.Unit.HOUR, "ts_hour")),
                Map.of("delta.logRetentionDuration", "interval 2 days"),
                0,
                Duration.ofMinutes(5),
                Map.of("fetch.min.bytes", "2"),
                NumberTypes.EXACT,
                Duration.ofSeconds(10),
                List.of(
                    new FieldRule(
                        "user.id",
                        true,
                        new BigDecimal("1"),
                        new BigDecimal("1e9"),
                        null,
                        List.of()),
                    new FieldRule("kind", false, null, null, "[a-z]+", List.of("a", "b"))),
                Optional.of(new Breaker(10, 2.5, Duration.ofMinutes(5))),
                OptionalLong.of(2L << 20),
                Optional.of("broken"),
                Optional.of("SELECT a FROM stream WHERE b <> 'x'"),
                Optional.of("lag")));
    assertThat(config.kafkaFor(stream))
        .isEqualTo(Map.of("bootstrap.servers", "broker:9092", "fetch.min.bytes", "2"));
    assertThat(config.registry())
        .isEqualTo(
            new RegistryConfig("http://registry:8081", Map.of("basic.auth.user.info", "u:p")));
    assertThat(config.spark()).isEqualTo(Map.of("spark.master", "local[4]"));
    assertThat(config.hadoop()).isEqualTo(Map.of("fs.s3a.path.style.access", "true"));
  }

  @Test
  void tellsAllErrorsAtOnceWithLineKeyValueAndRemedy() {
    List<String> errors =
        errors(
            """
            kafka:
              bootstrap.server: broker:9092
            registry:
              url: registry:8081
            sparks: {}
            spark:
              master: local[2]
            streams:
              a:
                topic: t t
                table: x
                startingOffsets: earlyest
                triggerInterval: soon
                maxRecordsPerTrigger: 0
                compression: zstandard
                compresion: zstd
                maxRestarts: 1001
              b:
                topic: u
                topic: v
                partitionBy: {unit: day}
            """);

    assertThat(errors)
        .containsExactlyInAnyOrder(
            "line 2: kafka.bootstrap.server: did you mean bootstrap.servers?",
            "line 4: registry.url: is \"registry:8081\", needed: an address such as"
                + " http://registry:8081",
            "line 5: sparks: unknown key; did you mean spark?",
            "line 7: spark.master: is no Spark property, whose names begin with spark.; did you mean"
                + " spark.master in the section spark (--set spark.spark.master=...)?",
            "line 10: streams.a.topic: is \"t t\", needed: 1 to 249 letters, digits, '.', '_' and"
                + " '-'",
            "line 12: streams.a.startingOffsets: is \"earlyest\", needed: earliest, latest or a"
                + " time such as 2026-01-31T00:00:00Z; did you mean earliest?",
            "line 13: streams.a.triggerInterval: is \"soon\", needed: a duration such as 500ms,"
                + " 1s, 2m, 1h or PT1.5S",
            "line 14: streams.a.maxRecordsPerTrigger: is \"0\", needed: at least 1",
            "line 15: streams.a.compression: is \"zstandard\", needed: one of zstd, snappy, none",
            "line 16: streams.a.compresion: unknown key; did you mean compression?",
            "line 17: streams.a.maxRestarts: is \"1001\", needed: 0 to 1000",
            "line 18: streams.b.table: is missing, needed: the path of the Delta table",
            "line 20: streams.b.topic: is given twice, first at line 19",
            "line 21: streams.b.partitionBy.unit: is \"day\", needed: one of date, hour; did"
                + " you mean date?",
            "line 21: streams.b.partitionBy.source: is missing, needed: the name of a timestamp"
                + " column",
            "kafka.bootstrap.servers: is missing, needed: such as broker:9092");
  }

  @Test
  void oneErrorIsOneLine() {
    MillraceException error = error(stream("colour: red"));

    assertThat(error.details()).isEmpty();
    assertThat(error.getMessage())
        .isEqualTo(
            "The config %s can't be used: line 9: streams.a.colour: unknown key. Correct it; docs/config.md"
                    .formatted(directory.resolve("millrace.yaml"))
                + " describes every key");
  }

  @Test
  void refusesBrokenYamlWithItsLine() {
    assertThat(errors("streams: ["))
        .singleElement()
        .asString()
        .startsWith("line 1: not valid YAML");
    assertThat(errors("kafka:\n\tbootstrap.servers: b:1\n"))
        .singleElement()
        .asString()
        .startsWith("line 2: not valid YAML")
        .contains("TAB");
    assertThat(errors("- a\n- b")).anyMatch(e -> e.contains("sections such as kafka:"));
    assertThat(errors(HEAD + "---\nkafka: {}")).anyMatch(e -> e.contains("second YAML document"));
    assertThat(errors(HEAD + "streams:\n  a: &x {topic: t, table: y}\n  b: *x\n"))
        .anyMatch(e -> e.contains("streams.b: YAML aliases"));
  }

  @Test
  void tablesAreAtPathsOrAddresses() throws IOException {
    for (String wrong : List.of("s3a://", "http://[x", "s3a:orders")) {
      String text = HEAD + "streams:\n  a:\n    topic: t\n    table: \"" + wrong + "\"\n";
      assertThat(errors(text))
          .anyMatch(
              e -> e.contains("streams.a.table") && e.contains("such as s3a://bucket/orders"));
    }
  }

  @Test
  void startingTimesAreThoseThatKafkaHas() {
    for (String wrong : List.of("1600-01-01T00:00:00Z", "-999999999-01-01T00:00:00Z")) {
      assertThat(errors(stream("startingOffsets: \"" + wrong + "\"")))
          .anyMatch(e -> e.contains("a time from 1970 to 9999"));
    }
  }

  @Test
  void aKafkaColumnIsSwitchedOffByAnyOfYamlsWords() throws IOException {
    for (String word : List.of("off", "OFF", "false", "no")) {
      assertThat(
              load(stream("columns: {timestamp: " + word + "}"))
                  .config()
                  .streams()
                  .get("a")
                  .columns()
                  .timestamp())
          .isEmpty();
    }
    assertThat(load(stream("consumerGroup: off")).config().streams().get("a").consumerGroup())
        .isEmpty();
    assertThat(load(stream("maxRestarts: 0")).config().streams().get("a").consumerGroup())
        .contains("millrace-a");
    assertThat(errors(stream("consumerGroup: true")))
        .anyMatch(e -> e.contains("the name of a consumer group, or off"));
    assertThat(errors(stream("columns: {key: true}")))
        .anyMatch(e -> e.contains("columns.key") && e.contains("the name of a column, or off"));
  }

  @Test
  void refusesSectionsWhereValuesAreNeededAndTheReverse() {
    assertThat(errors(HEAD + "hadoop:\n  fs:\n    s3a: x\n"))
        .containsExactly(
            "line 6: hadoop.fs: is a section or list, needed: the property's whole name with its"
                + " dots, and one value");
    assertThat(errors(stream("deadLetterTopic: t")).get(0))
        .contains("deadLetterTopic: is \"t\", needed: another topic than the stream's own");
    assertThat(errors(stream("triggerInterval: [1s]")).get(0)).contains("is a section or list");
    assertThat(errors(stream("columns: 3")).get(0)).contains("needed: keys with values");
    assertThat(errors(HEAD + "streams:\n  a: t\n").get(0)).contains("needed: keys such as topic");
    assertThat(errors(stream("kafka:", "  acks:")).get(0)).contains("kafka.acks: is empty");
  }

  @Test
  void refusesKafkaPropertiesThatMillraceSets() {
    assertThat(errors(stream("kafka:", "  auto.offset.reset: latest")).get(0))
        .contains("streams.a.kafka.auto.offset.reset")
        .contains("use the stream's startingOffsets");
  }

  @Test
  void refusesTwoStreamsIntoOneTable() {
    String streams =
        HEAD + "streams:\n  a: {topic: t, table: %s}\n  b: {topic: u, table: \"%s\"}\n";
    String absolute = directory.resolve("lake/x").toString();

    assertThat(errors(streams.formatted("lake/x", "./lake/../lake/x/")).get(0))
        .contains("streams.b.table")
        .contains("is the table of stream a too");
    assertThat(errors(streams.formatted("lake/x", "file://" + absolute)).get(0))
        .contains("is the table of stream a too");
    assertThat(errors(streams.formatted("lake", "lake/x")).get(0))
        .contains("lies inside the table of stream a");
    assertThat(errors(streams.formatted("s3a://b/x/y", "s3a://b/x")).get(0))
        .contains("holds the table of stream a");
  }

  @Test
  void refusesTwoColumnsOfOneName() {
    assertThat(errors(stream("columns: {partition: A, offset: a}")).get(0))
        .contains("two columns have the same name");
  }

  @Test
  void refusesAKeyFormatWithoutAColumnForKeys() {
    assertThat(errors(stream("columns: {keyFormat: avro}")))
        .singleElement()
        .asString()
        .contains("columns.keyFormat: says what the column columns.key stores; needed: a name");
  }

  @Test
  void refusesATablePartitionColumnOfAnothersName() {
    assertThat(errors(stream("partitionBy: {source: ts, column: Kafka_Offset}")))
        .containsExactly(
            "line 9: streams.a.partitionBy.column: is \"Kafka_Offset\", the name of"
                + " streams.a.columns.offset; needed: another name");
    assertThat(errors(stream("columns: {key: TS_DATE}", "partitionBy: {source: ts}")).get(0))
        .contains("is \"ts_date\", the name of streams.a.columns.key");
    assertThat(errors(stream("partitionBy: {source: ts, column: TS}")).get(0))
        .contains("partitionBy.column: is \"TS\", the name of its source column");
    assertThat(errors(stream("partitionBy: {source: kafka_partition}")).get(0))
        .contains("partitionBy.source: is \"kafka_partition\", the name of")
        .contains("needed: a timestamp column");
  }

  @Test
  void aTableMayBePartitionedByKafkasTimestampAndByNamesThatAreOff() throws IOException {
    load(stream("partitionBy: {source: kafka_timestamp, unit: hour}"));
    load(stream("columns: {offset: off}", "partitionBy: {source: ts, column: kafka_offset}"));
  }

  @Test
  void takesSecretsFromEnvironmentAndFilesAndNeverShowsThem() throws IOException {
    Files.writeString(directory.resolve("secret.txt"), "from-file\n");
    LoadedConfig loaded =
        load(
            """
            kafka:
              bootstrap.servers: broker:9092
              sasl.jaas.config: plain-in-the-file
              ssl.truststore.location: ${file:secret.txt}
            registry:
              url: http://u:${env:SECRET}@registry:8081
              basic.auth.user.info: u:${env:SECRET}
            hadoop:
              fs.s3a.secret.key: ${env:SECRET}
              fs.x: ${user.home}/x
            streams:
              a: {topic: "${env:RATE}", table: x}
            """);

    MillraceConfig config = loaded.config();
    assertThat(config.registry().properties()).containsEntry("basic.auth.user.info", "u:hunter2");
    assertThat(config.kafka()).containsEntry("ssl.truststore.location", "from-file");
    assertThat(config.hadoop())
        .containsEntry("fs.s3a.secret.key", "hunter2")
        .containsEntry("fs.x", "${user.home}/x");
    assertThat(config.streams().get("a").topic()).isEqualTo("fast");
    assertThat(loaded.effectiveYaml() + config)
        .doesNotContain("hunter2")
        .doesNotContain("plain-in-the-file");
    assertThat(loaded.effectiveYaml())
        .doesNotContain("from-file")
        .doesNotContain("topic: fast")
        .contains("sasl.jaas.config: '****'")
        .contains("url: '****'");
  }

  @Test
  void errorsDoNotShowSecretsEither() {
    assertThat(errors(stream("triggerInterval: ${env:SECRET}")))
        .containsExactly(
            "line 9: streams.a.triggerInterval: is ****, needed: a duration such as 500ms, 1s, 2m,"
                + " 1h or PT1.5S");
  }

  @Test
  void tellsWhichVariableOrFileIsMissing() {
    assertThat(errors(stream("subject: ${env:NOPE}", "compression: ${file:nope.txt}")))
        .containsExactly(
            "line 9: streams.a.subject: the environment variable NOPE is not set",
            "line 10: streams.a.compression: the file %s can't be read (it does not exist)"
                .formatted(directory.resolve("nope.txt")));
    assertThat(errors(stream("subject: ${SECRET}")).get(0)).contains("needed: ${env:NAME} or");
  }

  @Test
  void optionsOverrideSingleKeys() throws IOException {
    MillraceConfig config =
        load(
                stream("triggerInterval: 1s") + "\n  b: {topic: u, table: y}\n",
                ConfigOverride.parse("--set", "streams.a.triggerInterval=2s"),
                ConfigOverride.parse("--set", "streams.*.columns.key=k"),
                ConfigOverride.parse("--set", "streams.b.kafka.fetch.min.bytes=7"),
                ConfigOverride.parse("--set", "kafka.bootstrap.servers=other:1"))
            .config();

    assertThat(config.kafka()).containsEntry("bootstrap.servers", "other:1");
    assertThat(config.streams().get("a").triggerInterval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.streams().get("b").triggerInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.streams().values())
        .allSatisfy(s -> assertThat(s.columns().key()).contains("k"));
    assertThat(config.streams().get("b").kafka()).isEqualTo(Map.of("fetch.min.bytes", "7"));
  }

  @Test
  void errorsOfOptionsNameTheOption() {
    assertThat(errors(stream(), ConfigOverride.parse("--set", "streams.a.compression=lz4")).get(0))
        .startsWith("--set: streams.a.compression: is \"lz4\"");
    assertThat(errors(stream(), ConfigOverride.parse("--set", "stream.a.topic=t")).get(0))
        .contains("did you mean streams?");
    assertThat(errors(stream(), ConfigOverride.parse("--set", "streams.c.topic=t")))
        .containsExactly("--set: streams.c.table: is missing, needed: the path of the Delta table");
  }

  @Test
  void aConfigMayConsistOfOptionsAlone() {
    MillraceConfig config =
        ConfigLoader.of(
                directory,
                List.of(
                    new ConfigOverride("--bootstrap-servers", "kafka.bootstrap.servers", "b:1"),
                    new ConfigOverride("--registry-url", "registry.url", "http://r:1")),
                environment::get)
            .config();

    assertThat(config.streams()).isEmpty();
    assertThat(config.registry().url()).isEqualTo("http://r:1");
  }

  @Test
  void theEffectiveConfigReadsBackAsTheSameConfig() throws IOException {
    LoadedConfig first =
        load(
            stream(
                "columns: {key: k, timestamp: off}",
                "partitionBy: {source: ts}",
                "startingOffsets: latest",
                "tableProperties: {a.b: c}"));

    LoadedConfig second = load(first.effectiveYaml());

    assertThat(second.config()).isEqualTo(first.config());
  }

  @Test
  void aMissingFileIsTold() {
    MillraceException error =
        catchThrowableOfType(
            MillraceException.class, () -> ConfigLoader.load(directory.resolve("none.yaml")));

    assertThat(error.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(error.reason()).isEqualTo("there is no such file");
  }
}
