package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Ledger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stops a stream: one error that names the place, and nothing of the batch in the table. */
class IngestRefusalIT {
  private static final long AT = 1_700_000_000_000L;

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void aNullValueStopsTheStreamWhereItIsToldTo() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.send(0, new byte[] {1}, null);
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).failOnNulls().config();

      assertStopped(Runs.drain(stream), ExitCode.PROTECTED, "partition 0", "offset 0", "null");
    }
  }

  @Test
  void recordsRemovedBeforeTheyWereIngestedStopTheStream() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        Admin admin = Admin.create(Map.<String, Object>copyOf(stack.kafka()))) {
      topic.sendReadings(0, 20, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      topic.sendReadings(20, 30, 1);
      admin
          .deleteRecords(
              Map.of(new TopicPartition(topic.name, 0), RecordsToDelete.beforeOffset(25)))
          .all()
          .get();

      assertStopped(Runs.drain(stream), ExitCode.PROTECTED, "partition 0 offsets 20-24 (5)");
    }
  }

  @Test
  void aLogThatWasCutAndGrewAgainStopsTheStream() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given a partition of which the table has 20 records
      topic.sendReadings(0, 20, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);

      // When its broker comes back without them, and others take their offsets
      stack.stack().killBroker();
      stack.cutLog(topic.name + "-0");
      stack.stack().startBroker();
      topic.sendReadings(20, 50, 1);

      // Then
      assertStopped(
          Runs.drain(stream),
          ExitCode.PROTECTED,
          "log of partition 0 was cut",
          "under leader epoch");
      assertThat(TableRows.read(stream.table())).hasSize(20);
    }
  }

  @Test
  void aLeaderThatMovedAndLostNothingStopsNothing() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 20, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      int before = ledger(stream).partitions().get(0).leader();
      assertThat(before).isNotNegative();

      stack.stack().killBroker();
      stack.stack().startBroker();
      topic.sendReadings(20, 50, 1);

      assertThat(Runs.drain(stream).drained()).isTrue();
      assertThat(TableRows.read(stream.table())).hasSize(50);
      assertThat(ledger(stream).partitions().get(0).leader()).isGreaterThan(before);
    }
  }

  @Test
  void aClockFarBehindStopsTheStreamUnlessItIsAccepted() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 20, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      topic.sendReadings(20, 30, 1);
      InstantSource behind = () -> Instant.now().minus(Duration.ofMinutes(10));

      assertStopped(
          Runs.drain(Acceptance.NOTHING, behind, stream), ExitCode.PROTECTED, "clock says");
      IngestResult accepted =
          Runs.drain(new Acceptance(OptionalLong.empty(), true), behind, stream);

      assertThat(accepted.drained()).isTrue();
      assertThat(TableRows.read(stream.table())).hasSize(30);

      // And it counts from then on, as where the stream starts again after a failure
      topic.sendReadings(30, 40, 1);
      assertThat(Runs.drain(Acceptance.NOTHING, behind, stream).drained()).isTrue();
      assertThat(TableRows.read(stream.table())).hasSize(40);
    }
  }

  private static Ledger ledger(StreamConfig stream) {
    try (DeltaTable table =
        DeltaTable.open(stream.table(), LakeConfiguration.of(Map.of())).orElseThrow()) {
      return table.ledger(stream.name()).orElseThrow();
    }
  }

  @Test
  void deadLettersOfATableThatWasDeletedStopTheStream() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 3, 1);
      topic.send(0, null, new byte[] {1});
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      Files.move(lake.resolve("t"), lake.resolve("old"));

      assertStopped(Runs.drain(stream), ExitCode.PROTECTED, "belongs to the table with the id");
      assertThat(TableRows.read(stream.table())).isEmpty();

      Files.move(lake.resolve("t_dead_letters"), lake.resolve("old_dead_letters"));
      assertThat(Runs.drain(stream).drained()).isTrue();
      assertThat(TableRows.read(DeadLetterTable.path(stream.table()))).hasSize(1);
    }
  }

  @Test
  void aTopicMadeAnewStopsTheStream() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        Admin admin = Admin.create(Map.<String, Object>copyOf(stack.kafka()))) {
      topic.sendReadings(0, 3, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      admin.deleteTopics(List.of(topic.name)).all().get();
      Runs.await(() -> !topics(admin).contains(topic.name));
      stack.stack().createTopic(topic.name, 1);

      assertStopped(Runs.drain(stream), ExitCode.PROTECTED, "deleted and created again");
    }
  }

  @Test
  void anotherWriterOfTheStreamStopsThisOne() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 10, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();

      // When another process takes the stream over while this one runs
      boolean[] taken = {false};
      IngestResult result =
          Runs.runUntil(
              () -> {
                if (!taken[0] && TableRows.countOrZero(stream.table()) == 10) {
                  takeOver(stream);
                  taken[0] = true;
                  topic.sendReadings(10, 20, 1);
                }
                return false;
              },
              stream);

      // Then
      assertStopped(result, ExitCode.PROTECTED, stream.name());
      assertThat(TableRows.read(stream.table())).hasSize(10);
    }
  }

  @Test
  void aTopicThatDoesNotExistIsAUsersError() {
    StreamConfig stream = new Runs.Stream("no-such-topic", lake.resolve("t")).config();

    assertStopped(Runs.drain(stream), ExitCode.USAGE, "no-such-topic");
  }

  @Test
  void aSchemaThatIsNoTableIsNamedWithItsStreamAndSubject() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      String text = TestTopic.SCHEMA.toString();
      String tags =
          "{'name':'tags','type':{'type':'record','name':'Tag','fields':["
              + "{'name':'more','type':{'type':'array','items':'Tag'}}]},'default':{'more':[]}}";
      Schema nested =
          new Schema.Parser()
              .parse(
                  text.substring(0, text.lastIndexOf(']')) + "," + tags.replace('\'', '"') + "]}");
      int id = stack.registry().register(topic.name + "-value", nested);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();

      assertStopped(
          Runs.drain(stream),
          ExitCode.USAGE,
          "Stream " + stream.name(),
          "id " + id,
          "subject " + topic.name + "-value",
          "record Tag contains itself");
      assertThat(lake.resolve("t")).doesNotExist();
    }
  }

  @Test
  void anotherPartitioningThanTheTablesIsAUsersError() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      StreamConfig other =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .named(stream.name())
              .partitionBy("at", PartitionBy.Unit.DATE, "at_date")
              .config();

      assertStopped(Runs.drain(other), ExitCode.USAGE, "at_date");
    }
  }

  @Test
  void aTablePartitionColumnOfAFieldsNameIsAUsersErrorAndNoTableIsMade() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .partitionBy("at", PartitionBy.Unit.DATE, "Note")
              .config();

      assertStopped(Runs.drain(stream), ExitCode.USAGE, "partitionBy.column is Note", "field note");
      assertThat(lake.resolve("t")).doesNotExist();
    }
  }

  @Test
  void kafkaColumnsThatAnExistingTableLacksAreAUsersError() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      StreamConfig other =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .named(stream.name())
              .withKey("kafka_key")
              .config();

      assertStopped(Runs.drain(other), ExitCode.USAGE, "columns.key is kafka_key");
    }
  }

  @Test
  void aStreamThatFailsLeavesTheOthersRunning() {
    try (TestTopic good = new TestTopic(stack, 1);
        TestTopic bad = new TestTopic(stack, 1)) {
      bad.send(0, new byte[] {1}, null);
      bad.awaitAcknowledged();
      good.sendReadings(0, 10, 1);
      StreamConfig failing = new Runs.Stream(bad.name, lake.resolve("bad")).failOnNulls().config();
      StreamConfig going = new Runs.Stream(good.name, lake.resolve("good")).config();

      boolean[] sent = {false};
      IngestResult result =
          Runs.runUntil(
              () -> {
                long rows = TableRows.countOrZero(going.table());
                if (rows == 10 && !sent[0]) {
                  good.sendReadings(10, 20, 1);
                  sent[0] = true;
                }
                return rows == 20;
              },
              failing,
              going);

      assertThat(result.firstFailure().orElseThrow().stream()).isEqualTo(failing.name());
      assertThat(TableRows.read(going.table())).hasSize(20);
    }
  }

  @Test
  void aTopicMadeAnewWhileABatchIsReadStopsTheStream() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        Admin admin = Admin.create(Map.<String, Object>copyOf(stack.kafka()));
        GatedRegistry gate = new GatedRegistry(stack.stack().registryUrl())) {
      // Given a batch whose task has its records and asks for their schema
      topic.sendReadings(0, 3, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      assertThat(Runs.drain(stream).drained()).isTrue();
      Schema wider =
          SchemaBuilder.record("Reading")
              .fields()
              .requiredLong("id")
              .optionalString("more")
              .endRecord();
      topic.send(0, wider, new GenericRecordBuilder(wider).set("id", 3L));
      topic.awaitAcknowledged();
      gate.before.set(
          () -> {
            try {
              admin.deleteTopics(List.of(topic.name)).all().get();
            } catch (InterruptedException | ExecutionException e) {
              throw new IllegalStateException(e);
            }
            Runs.await(() -> !topics(admin).contains(topic.name));
            stack.stack().createTopic(topic.name, 1);
          });
      MillraceConfig config = stack.config(stream);

      // When
      IngestResult result =
          Runs.drain(
              new MillraceConfig(
                  config.kafka(),
                  new RegistryConfig(gate.url(), Map.of()),
                  config.spark(),
                  config.hadoop(),
                  config.streams()));

      // Then
      assertStopped(result, ExitCode.PROTECTED, "deleted and created again");
      assertThat(TableRows.read(stream.table())).hasSize(3);
    }
  }

  private static java.util.Set<String> topics(Admin admin) {
    try {
      return admin.listTopics().names().get();
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void takeOver(StreamConfig stream) {
    try (DeltaTable table =
        DeltaTable.open(stream.table(), LakeConfiguration.of(Map.of())).orElseThrow()) {
      Ledger ledger = table.ledger(stream.name()).orElseThrow();
      table.commit(List.of(), ledger.takenOver("another", "attempt-of-another"));
    }
  }

  private static void assertStopped(IngestResult result, ExitCode code, String... texts) {
    IngestResult.Stream failure = result.firstFailure().orElseThrow();
    assertThat(failure.exitCode()).isEqualTo(code.code());
    assertThat(failure.error()).contains(texts);
    assertThat(failure.error().lines()).hasSize(1);
  }
}
