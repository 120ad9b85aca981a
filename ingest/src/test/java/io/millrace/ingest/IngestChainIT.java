package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.config.StartingOffsets;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From topics to tables: exact rows, whatever the topic and the options. */
class IngestChainIT {
  private static final long AT = 1_700_000_000_000L;
  private static final long DAY = 86_400_000L;

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void drainsATopicWithAnEmptyPartitionIntoANewTable() {
    try (TestTopic topic = new TestTopic(stack, 5)) {
      // Given
      topic.sendReadings(0, 1000, 4);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();

      // When
      IngestResult result = Runs.drain(stream);

      // Then
      assertThat(result.drained()).isTrue();
      assertThat(result.streams().get(0).records()).isEqualTo(1000);
      List<Map<String, Object>> rows = TableRows.read(stream.table());
      assertThat(ids(rows)).isEqualTo(idsBetween(0, 1000));
      assertThat(rows)
          .hasSize(1000)
          .allSatisfy(
              row -> {
                long id = (Long) row.get("id");
                assertThat(row.get("at")).isEqualTo((AT + id) * 1000);
                assertThat(row.get("note")).isEqualTo("note " + id);
                assertThat(row.get("kafka_partition")).isEqualTo((int) (id % 4));
                assertThat(row.get("kafka_offset")).isEqualTo(id / 4);
                assertThat((Long) row.get("kafka_timestamp")).isPositive();
              });
    }
  }

  @Test
  void goesOnWhereItEndedInBatchesOfAtMostTheLimit() {
    try (TestTopic topic = new TestTopic(stack, 3)) {
      // Given
      topic.sendReadings(0, 500, 3);
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t")).mostRecords(150).config();
      IngestResult first = Runs.drain(stream);
      topic.sendReadings(500, 650, 3);

      // When
      IngestResult second = Runs.drain(stream);
      IngestResult third = Runs.drain(stream);

      // Then
      assertThat(first.streams().get(0).batches()).isEqualTo(4);
      assertThat(second.streams().get(0).records()).isEqualTo(150);
      assertThat(third.drained()).isTrue();
      assertThat(third.streams().get(0).batches()).isZero();
      List<Map<String, Object>> rows = TableRows.read(stream.table());
      assertThat(rows).hasSize(650);
      assertThat(ids(rows)).isEqualTo(idsBetween(0, 650));
    }
  }

  @Test
  void endsRangesEarlyWhereTheBytesAreUsedUp() {
    try (TestTopic topic = new TestTopic(stack, 4)) {
      // Given
      String large = "x".repeat(300_000);
      for (long id = 0; id < 40; id++) {
        topic.send((int) (id % 4), null, topic.value(id, AT, large));
      }
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t")).mostBytes(1_000_000).config();

      // When
      IngestResult result = Runs.drain(stream);

      // Then
      assertThat(result.drained()).isTrue();
      assertThat(result.streams().get(0).batches()).isGreaterThan(2);
      List<Map<String, Object>> rows = TableRows.read(stream.table());
      assertThat(rows).hasSize(40);
      assertThat(ids(rows)).isEqualTo(idsBetween(0, 40));
    }
  }

  @Test
  void keysNullValuesAndRecordsWithoutAKeyEachGetTheirOwn() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given: a null value with a key just before a value without one
      topic.send(0, key("a"), topic.value(0, AT, null));
      topic.send(0, key("b"), null);
      topic.send(0, null, topic.value(2, AT, null));
      topic.send(0, key("d"), topic.value(3, AT, "n"));
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t")).withKey("kafka_key").config();

      // When
      IngestResult result = Runs.drain(stream);

      // Then
      assertThat(result.streams().get(0).nulls()).isEqualTo(1);
      Map<Object, String> keys = new java.util.HashMap<>();
      TableRows.read(stream.table()).forEach(r -> keys.put(r.get("id"), text(r.get("kafka_key"))));
      assertThat(keys).hasSize(3).containsEntry(0L, "a").containsEntry(3L, "d");
      assertThat(keys.get(2L)).isNull();
    }
  }

  @Test
  void takesPartitionsAddedWhileItRunsFromTheirStart() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        Admin admin = Admin.create(Map.<String, Object>copyOf(stack.kafka()))) {
      // Given a stream that began at the end of what was there
      topic.sendReadings(0, 10, 1);
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .starting(new StartingOffsets.Latest())
              .config();
      Runs.drain(stream);
      admin.createPartitions(Map.of(topic.name, NewPartitions.increaseTo(2))).all().get();

      // When
      IngestResult result =
          Runs.runUntil(
              () -> {
                if (TableRows.countOrZero(stream.table()) == 0) {
                  topic.send(1, null, topic.value(100, AT, "first"));
                  topic.awaitAcknowledged();
                }
                return TableRows.countOrZero(stream.table()) > 0;
              },
              stream);

      // Then
      assertThat(result.firstFailure()).isEmpty();
      assertThat(TableRows.read(stream.table()))
          .isNotEmpty()
          .anySatisfy(row -> assertThat(row).containsEntry("kafka_offset", 0L))
          .allSatisfy(row -> assertThat(row).containsEntry("kafka_partition", 1));
    }
  }

  @Test
  void latestStaysWhereItWasAtTheFirstStart() {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given
      topic.sendReadings(0, 100, 2);
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .starting(new StartingOffsets.Latest())
              .config();
      IngestResult first = Runs.drain(stream);
      topic.sendReadings(100, 110, 2);

      // When
      IngestResult second = Runs.drain(stream);

      // Then
      assertThat(first.streams().get(0).batches()).isZero();
      assertThat(second.drained()).isTrue();
      assertThat(ids(TableRows.read(stream.table()))).isEqualTo(idsBetween(100, 110));
    }
  }

  @Test
  void beginsAtATimestamp() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given
      for (long id = 0; id < 20; id++) {
        topic.sendAt(0, AT + id * 1000, topic.value(id, AT, null));
      }
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .starting(new StartingOffsets.AtTimestamp(Instant.ofEpochMilli(AT + 12_500)))
              .config();

      // When
      Runs.drain(stream);

      // Then
      assertThat(ids(TableRows.read(stream.table()))).isEqualTo(idsBetween(13, 20));
    }
  }

  @Test
  void writesOneFileForEachOfManyDates() {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given
      topic.sendReadings(0, 3000, 2, id -> AT + (id % 150) * DAY);
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .partitionBy("at", PartitionBy.Unit.DATE, "at_date")
              .config();

      // When
      Runs.drain(stream);

      // Then
      List<Map<String, Object>> rows = TableRows.read(stream.table());
      assertThat(ids(rows)).hasSize(3000);
      assertThat(rows)
          .hasSize(3000)
          .allSatisfy(
              row ->
                  assertThat((Integer) row.get("at_date"))
                      .isEqualTo((int) ((Long) row.get("at") / 1000 / DAY)));
      assertThat(TableRows.open(stream.table(), Map.of()).files()).isEqualTo(150);
    }
  }

  @Test
  void runsTwoStreamsInOneProcessUntilStopped() {
    try (TestTopic one = new TestTopic(stack, 2);
        TestTopic two = new TestTopic(stack, 2)) {
      // Given
      one.sendReadings(0, 200, 2);
      two.sendReadings(1000, 1300, 2);
      StreamConfig first = new Runs.Stream(one.name, lake.resolve("one")).config();
      StreamConfig second = new Runs.Stream(two.name, lake.resolve("two")).config();

      // When
      IngestResult result =
          Runs.runUntil(
              () ->
                  TableRows.countOrZero(first.table()) == 200
                      && TableRows.countOrZero(second.table()) == 300,
              first,
              second);

      // Then
      assertThat(result.firstFailure()).isEmpty();
      assertThat(ids(TableRows.read(first.table()))).isEqualTo(idsBetween(0, 200));
      assertThat(ids(TableRows.read(second.table()))).isEqualTo(idsBetween(1000, 1300));
    }
  }

  @Test
  void refusesTwoStreamsIntoOneTable() {
    StreamConfig first = new Runs.Stream("a", lake.resolve("t")).config();
    StreamConfig second = new Runs.Stream("b", "file:" + lake.resolve("x/../t/")).config();
    MillraceConfig config = stack.config(first, second);

    assertThatThrownBy(() -> Runs.drain(config))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(first.name())
        .hasMessageContaining(second.name());
  }

  private static Set<Object> ids(List<Map<String, Object>> rows) {
    return rows.stream().map(r -> r.get("id")).collect(Collectors.toCollection(HashSet::new));
  }

  private static Set<Object> idsBetween(long from, long to) {
    return LongStream.range(from, to).boxed().collect(Collectors.toSet());
  }

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Object bytes) {
    return bytes == null
        ? null
        : StandardCharsets.UTF_8.decode(ByteBuffer.wrap((byte[]) bytes)).toString();
  }
}
