package io.millrace.lake.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.manifest.Manifest;
import io.millrace.embedded.LocalStack;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.verify.Finding.Kind;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What verify says of tables that are as they should be, and of what it can't look at. */
@ExtendWith(TestBroker.class)
class VerifierIT {
  @TempDir Path directory;

  @Test
  void everythingThereIsProven(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 4);
    stream.produce(0, 30);
    stream.produceTransaction(1, 5, true);
    stream.produceTransaction(1, 5, false);
    stream.produceNull(0);
    stream.ingest();
    stream.produce(0, 7);
    stream.produceTransaction(1, 1, true);
    stream.produce(2, 3);
    stream.ingest();

    VerifyReport report = stream.verify(VerifyOptions.Values.WITH_MANIFEST, stream.manifest());

    assertThat(report.toText())
        .contains("46 rows", "47 records delivered", "proven: every delivered record");
    assertThat(report.ok()).isTrue();
    assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
    StreamReport checked = report.streams().get(0);
    assertThat(checked.findings()).isEmpty();
    assertThat(checked.rows()).isEqualTo(46);
    assertThat(checked.delivered()).isEqualTo(47);
    assertThat(checked.nulls()).isEqualTo(1);
    assertThat(checked.valuesCompared()).isEqualTo(46);
    assertThat(checked.acknowledged()).isEqualTo(47);
    assertThat(checked.ledgerVersions()).isEqualTo(2);
    assertThat(checked.version()).isEqualTo(2);
    assertThat(checked.partitions()).hasSize(4);
  }

  @Test
  void theReportsJsonHasItsDocumentedFields(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 1);
    stream.produce(0, 3);
    stream.ingest();
    Path file = directory.resolve("report.json");

    stream.verify(VerifyOptions.Values.NEVER, stream.manifest()).write(file);

    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "format", "ok", "verdict", "rows", "deadLetters", "lost", "duplicated", "streams");
    assertThat(json.path("verdict").asText()).isEqualTo("PROVEN");
    assertThat(json.path("streams").path(0).fieldNames())
        .toIterable()
        .containsExactly(
            "stream",
            "topic",
            "topicId",
            "clusterId",
            "generation",
            "table",
            "version",
            "since",
            "sinceVersion",
            "sequence",
            "verdict",
            "rows",
            "delivered",
            "nulls",
            "deadLetters",
            "redriven",
            "discarded",
            "filtered",
            "acceptedLoss",
            "lost",
            "deleted",
            "duplicated",
            "unexplained",
            "compactedSince",
            "uncheckable",
            "acknowledged",
            "behind",
            "ledgerVersions",
            "valuesCompared",
            "millis",
            "findings",
            "notes",
            "partitions",
            "closed");
    assertThat(json.path("streams").path(0).path("partitions").path(0).fieldNames())
        .toIterable()
        .containsExactly(
            "partition",
            "first",
            "next",
            "checkedFrom",
            "rows",
            "delivered",
            "nulls",
            "deadLetters",
            "redriven",
            "discarded",
            "filtered",
            "acceptedLoss",
            "lost",
            "deleted",
            "duplicated",
            "unexplained",
            "compactedSince",
            "uncheckable",
            "acknowledged",
            "behind",
            "verdict");
  }

  @Test
  void aTableMayBePartitionedByKafkasTimestamp(LocalStack stack) throws Exception {
    TestStream stream =
        new TestStream(
            stack,
            directory,
            1,
            KafkaColumns.DEFAULT,
            Optional.of(new PartitionBy("kafka_timestamp", PartitionBy.Unit.DATE, "sent")));
    stream.produce(0, 1);
    Map<String, String> partition = new HashMap<>();
    stream.ingest(
        rows -> {
          Instant sent = Instant.ofEpochMilli(rows.get(0).millis());
          partition.put("sent", LocalDate.ofInstant(sent, ZoneOffset.UTC).toString());
          return rows;
        },
        partition);

    StreamReport report = stream.verify();

    assertThat(report.findings()).isEmpty();
    assertThat(report.valuesCompared()).isEqualTo(1);

    for (PartitionBy edited :
        Arrays.asList(null, new PartitionBy("kafka_timestamp", PartitionBy.Unit.HOUR, "sent"))) {
      stream.partitionBy(edited);
      assertThat(stream.verify().findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.kind()).isEqualTo(Kind.VALUES_NOT_PROVABLE);
                assertThat(finding.text()).contains("sent (the table is partitioned by it");
              });
    }
  }

  @Test
  void whatRetentionRemovedIsShownApart(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 2);
    stream.produce(0, 20);
    stream.produceNull(0);
    stream.produce(1, 5);
    stream.ingest();
    try (Admin admin = stream.admin()) {
      admin
          .deleteRecords(
              Map.of(
                  new TopicPartition(stream.topic, 0),
                  RecordsToDelete.beforeOffset(15),
                  new TopicPartition(stream.topic, 1),
                  RecordsToDelete.beforeOffset(5)))
          .all()
          .get();
    }

    VerifyReport report = stream.verify(VerifyOptions.Values.WITH_MANIFEST, stream.manifest());

    StreamReport checked = report.streams().get(0);
    assertThat(checked.findings()).isEmpty();
    assertThat(checked.verdict()).isEqualTo(Verdict.PROVEN);
    assertThat(checked.uncheckable()).isEqualTo(20);
    assertThat(checked.delivered()).isEqualTo(6);
    assertThat(checked.valuesCompared()).isEqualTo(5);
    assertThat(report.toText()).contains("20 no longer checkable against Kafka");
    assertThat(checked.notes())
        .contains("partition 0: acknowledged payloads below offset 15 are no longer checkable");
  }

  @Test
  void rowsOfRecordsCompactedSinceAreShownApart(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 1);
    stream.produceTransaction(0, 4, true);
    // The marker's offset holds no record, as if compaction had removed it.
    stream.ingest(rows -> TestDamage.plus(rows, TestDamage.at(rows.get(3), 4)));
    assertThat(stream.verify().verdict()).isEqualTo(Verdict.WRONG);
    compact(stream);

    StreamReport report = stream.verify();

    assertThat(report.compactedSince()).isEqualTo(1);
    assertThat(report.unexplained()).isZero();
    assertThat(report.findings()).noneMatch(f -> f.kind() == Kind.UNEXPLAINED_ROWS);
  }

  private static void compact(TestStream stream) throws Exception {
    try (Admin admin = stream.admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, stream.topic),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("cleanup.policy", "compact,delete"),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  @Test
  void aVersionIsProvenWhileCommitsGoOn(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 2);
    stream.produce(0, 50);
    stream.ingest();
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> ingest =
        CompletableFuture.runAsync(
            () -> {
              try {
                while (!done.get()) {
                  stream.produce(1, 5);
                  stream.ingest();
                }
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    try {
      for (int i = 0; i < 5; i++) {
        StreamReport report = stream.verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.rows()).isEqualTo(50 + 5 * (report.sequence() - 1));
      }
    } finally {
      done.set(true);
      ingest.join();
    }
  }

  @Test
  void malformedTextIsComparedAsItsReadersSeeIt(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 1);
    GenericRecord event = stream.event();
    event.put("name", "~~~");
    byte[] payload = stream.payload(event);
    for (int i = 0; i < payload.length; i++) {
      payload[i] = payload[i] == '~' ? (byte) 0xff : payload[i];
    }
    stream.produce(0, payload);
    stream.ingest();

    assertThat(stream.verify().findings()).isEmpty();
    assertThat(stream.verify().valuesCompared()).isEqualTo(1);
  }

  @Test
  void provenMeansAsFarAsIngestHasCome(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 1);
    stream.produce(0, 4);
    stream.ingest();
    stream.produce(0, 3);

    VerifyReport report = stream.verify(VerifyOptions.Values.NEVER);

    assertThat(report.ok()).isTrue();
    assertThat(report.toText())
        .contains("3 offsets not ingested yet")
        .contains("proven: every record up to where the ingest has come is in the table");
  }

  @Test
  void withoutKafkaTheRestIsCheckedAndTheExitCodeSaysSo(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 1);
    stream.produce(0, 10);
    stream.ingest();
    try (ServerSocket nobody = new ServerSocket(0)) {
      String address = "127.0.0.1:" + nobody.getLocalPort();
      nobody.close();

      VerifyReport report =
          stream.verify(stream.config(address), VerifyOptions.Values.ALWAYS, stream.manifest());

      assertThat(report.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
      StreamReport checked = report.streams().get(0);
      assertThat(checked.rows()).isEqualTo(10);
      assertThat(checked.behind()).isEqualTo(-1);
      assertThat(checked.findings())
          .singleElement()
          .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.KAFKA_UNREACHABLE));
      assertThat(report.toText())
          .contains("unproven: Kafka could not be read", "10 not compared with Kafka")
          .doesNotContain("delivered by Kafka");
    }
  }

  @Test
  void withoutKafkaDamageIsStillAnswered(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 1);
    stream.produce(0, 10);
    stream.ingest(rows -> rows.subList(1, 10));

    VerifyReport report = stream.verify(stream.config("127.0.0.1:1"), VerifyOptions.Values.NEVER);

    assertThat(report.exitCode()).isEqualTo(ExitCode.ANSWER_IS_NO);
    assertThat(report.streams().get(0).findings())
        .extracting(Finding::kind)
        .contains(Kind.LEDGER_COUNTS, Kind.LEDGER_COMMIT, Kind.KAFKA_UNREACHABLE);
  }

  @Test
  void switchedOffColumnsAreNotProvable(LocalStack stack) throws Exception {
    KafkaColumns noOffset =
        new KafkaColumns(
            Optional.of("kafka_partition"),
            Optional.empty(),
            Optional.of("kafka_timestamp"),
            Optional.empty());
    TestStream stream = new TestStream(stack, directory, 1, noOffset);
    stream.produce(0, 2);
    stream.ingest();

    VerifyReport report = stream.verify(VerifyOptions.Values.NEVER);

    assertThat(report.exitCode()).isEqualTo(ExitCode.ANSWER_IS_NO);
    assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
    assertThat(report.toText()).contains("not provable");
  }

  @Test
  void noTableAndNoLedgerAreSaid(LocalStack stack) {
    TestStream stream = new TestStream(stack, directory, 1);

    assertThat(stream.verify().findings()).extracting(Finding::kind).containsExactly(Kind.NO_TABLE);

    stream.open().close();
    StreamReport empty = stream.verify();
    assertThat(empty.findings()).extracting(Finding::kind).containsExactly(Kind.NO_LEDGER);
    assertThat(empty.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
    assertThat(empty.version()).isZero();
  }

  @Test
  void anotherTopicOfTheSameNameIsNotTheOneThatFilledTheTable(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 1);
    stream.produce(0, 2);
    Manifest before = stream.manifest();
    stream.ingest();
    try (Admin admin = stream.admin()) {
      admin.deleteTopics(List.of(stream.topic)).all().get();
      while (admin.listTopics().names().get().contains(stream.topic)) {
        Thread.onSpinWait(); // the controller has answered before the broker knows
      }
    }

    assertThat(stream.verify().findings())
        .singleElement()
        .satisfies(f -> assertThat(f.text()).contains("Kafka has no topic"));

    stack.createTopic(stream.topic, 1);
    VerifyReport replaced = stream.verify(VerifyOptions.Values.NEVER, before);
    assertThat(replaced.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
    assertThat(replaced.toText()).contains("has id", "nothing can be compared with it");
  }

  @Test
  void aTakeOverWithoutRowsContinuesTheChain(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 1);
    stream.produce(0, 2);
    stream.ingest();
    try (DeltaTable table = stream.open()) {
      Ledger ledger = table.ledger(TestStream.NAME).orElseThrow();
      table.commit(List.of(), ledger.takenOver("another", "attempt"));
    }
    stream.produce(0, 2);
    stream.ingest();

    StreamReport report = stream.verify();

    assertThat(report.findings()).isEmpty();
    assertThat(report.sequence()).isEqualTo(3);
  }

  @Test
  void withoutRegistryOnlyTheValuesAreUnproven(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 1);
    stream.produce(0, 3);
    stream.ingest();
    MillraceConfig with = stream.config();
    MillraceConfig config =
        new MillraceConfig(
            with.kafka(),
            new RegistryConfig("http://127.0.0.1:1", Map.of("max.retries", "0")),
            Map.of(),
            Map.of(),
            with.streams());

    VerifyReport report = stream.verify(config, VerifyOptions.Values.ALWAYS);

    assertThat(report.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(report.streams().get(0).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.REGISTRY_UNREACHABLE));
    assertThat(report.streams().get(0).delivered()).isEqualTo(3);
  }

  @Test
  void freshnessWeighsEachRecord(LocalStack stack) throws Exception {
    TestStream stream = new TestStream(stack, directory, 1);
    stream.produce(0, 90);
    stream.ingest(rows -> rows.stream().map(r -> TestDamage.sent(r, 100_000)).toList());
    stream.produce(0, 10);
    stream.ingest(rows -> rows.stream().map(r -> TestDamage.sent(r, 200_000)).toList());
    Files.setLastModifiedTime(TestDamage.commitFile(stream.table, 1), FileTime.fromMillis(100_250));
    Files.setLastModifiedTime(TestDamage.commitFile(stream.table, 2), FileTime.fromMillis(201_500));

    assertThat(Freshness.read(stream.table, stream.hadoop, "kafka_timestamp", 0, 2, 2))
        .isEqualTo(new Freshness(100, 250, 1500, 1500, 1500));
    assertThat(Freshness.read(stream.table, stream.hadoop, "kafka_timestamp", 1, 1, 1))
        .isEqualTo(new Freshness(90, 250, 250, 250, 250));
    assertThat(Freshness.read(stream.table, stream.hadoop, "kafka_timestamp", 7, 9, 1))
        .isEqualTo(new Freshness(0, -1, -1, -1, -1));
  }

  @Test
  void unknownStreamsAndManifestsAreRefused(LocalStack stack) {
    TestStream stream = new TestStream(stack, directory, 1);
    Manifest other = new Manifest(Manifest.FORMAT, "other", "id", List.of());

    assertThatThrownBy(() -> stream.verify(VerifyOptions.Values.NEVER, other))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("none of the streams reads that topic");
    assertThatThrownBy(
            () ->
                Verifier.verify(
                    stream.config(),
                    new VerifyOptions(
                        java.util.Set.of("nope"), List.of(), VerifyOptions.Values.NEVER, 1),
                    (s, p, d, t) -> {}))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("There is no stream nope");
  }
}
