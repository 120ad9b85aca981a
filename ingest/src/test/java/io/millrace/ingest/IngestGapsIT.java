package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offsets without a record: ranges end right, and the ledger accounts for each. */
class IngestGapsIT {
  private static final long AT = 1_700_000_000_000L;

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void transactionsLeaveMarkersAndAbortedRecords() {
    try (TestTopic topic =
        new TestTopic(stack, 2, Map.of("transactional.id", TestStack.name("tx")))) {
      // Given: committed, aborted, committed, and one still open at the end
      topic.producer.initTransactions();
      topic.producer.beginTransaction();
      topic.sendReadings(0, 100, 2);
      topic.producer.commitTransaction();
      topic.producer.beginTransaction();
      topic.sendReadings(1000, 1040, 2);
      topic.producer.abortTransaction();
      topic.producer.beginTransaction();
      topic.sendReadings(100, 150, 2);
      topic.producer.commitTransaction();
      topic.producer.beginTransaction();
      topic.sendReadings(150, 160, 2);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).mostRecords(70).config();

      // When
      IngestResult whileOpen = Runs.drain(stream);
      topic.producer.commitTransaction();
      IngestResult afterCommit = Runs.drain(stream);

      // Then
      assertThat(whileOpen.drained()).isTrue();
      assertThat(whileOpen.streams().get(0).records()).isEqualTo(150);
      assertThat(afterCommit.streams().get(0).records()).isEqualTo(10);
      assertThat(TableRows.read(stream.table()))
          .extracting(r -> (Long) r.get("id"))
          .doesNotHaveDuplicates()
          .hasSize(160)
          .allMatch(id -> id < 160);
      // Aborted records and four markers in each partition.
      assertThat(ledger(stream).partitions().values())
          .containsExactly(
              new PartitionEntry(0, 104, 80, 0, 0, 0, 24, 0, 0),
              new PartitionEntry(0, 104, 80, 0, 0, 0, 24, 0, 0));
    }
  }

  @Test
  void aStreamThatReadOpenTransactionsGoesOnWithoutThem() {
    try (TestTopic topic =
        new TestTopic(stack, 1, Map.of("transactional.id", TestStack.name("tx")))) {
      // Given records of an open transaction in the table
      topic.producer.initTransactions();
      topic.producer.beginTransaction();
      topic.sendReadings(0, 20, 1);
      topic.producer.commitTransaction();
      topic.producer.beginTransaction();
      topic.sendReadings(20, 30, 1);
      Runs.Stream stream =
          new Runs.Stream(topic.name, lake.resolve("t")).named(TestStack.name("tx"));
      IngestResult uncommitted =
          Runs.drain(stream.kafka(Map.of("isolation.level", "read_uncommitted")).config());
      assertThat(uncommitted.streams().get(0).records()).isEqualTo(30);

      // When it reads committed ones only: their end is before what it has
      stream.kafka(Map.of());
      IngestResult whileOpen = Runs.drain(stream.config());
      topic.sendReadings(30, 35, 1);
      topic.producer.commitTransaction();
      IngestResult afterCommit = Runs.drain(stream.config());

      // Then
      assertThat(whileOpen.firstFailure()).isEmpty();
      assertThat(whileOpen.streams().get(0).records()).isZero();
      assertThat(afterCommit.streams().get(0).records()).isEqualTo(5);
      assertThat(TableRows.read(stream.config().table()))
          .extracting(r -> (Long) r.get("id"))
          .doesNotHaveDuplicates()
          .hasSize(35);
    }
  }

  @Test
  void compactionLeavesHoles() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given a topic in which each key was written many times, compacted
      compactQuickly(topic.name);
      for (long id = 0; id < 400; id++) {
        topic.send(0, new byte[] {(byte) (id % 10)}, topic.value(id, AT, "x".repeat(100)));
        if (id % 100 == 99) {
          topic.awaitAcknowledged();
          Thread.sleep(150); // segments roll by the time between records
        }
      }
      topic.awaitAcknowledged();
      Runs.await(() -> recordsIn(topic.name) < 300);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();

      // When
      IngestResult result = Runs.drain(stream);

      // Then
      PartitionEntry entry = ledger(stream).partitions().get(0);
      assertThat(result.drained()).isTrue();
      assertThat(entry.next()).isEqualTo(400);
      assertThat(entry.empty()).isGreaterThan(100);
      assertThat(entry.rows()).isEqualTo(TableRows.read(stream.table()).size());
    }
  }

  private void compactQuickly(String topic) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.<String, Object>copyOf(stack.kafka()))) {
      List<AlterConfigOp> settings =
          Map.of(
                  "cleanup.policy", "compact",
                  "segment.ms", "100",
                  "min.cleanable.dirty.ratio", "0.01",
                  "max.compaction.lag.ms", "100")
              .entrySet()
              .stream()
              .map(e -> new ConfigEntry(e.getKey(), e.getValue()))
              .map(e -> new AlterConfigOp(e, AlterConfigOp.OpType.SET))
              .toList();
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), settings))
          .all()
          .get();
    }
  }

  private long recordsIn(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.<String, Object>copyOf(stack.kafka()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      long records = 0;
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> ignored :
            consumer.poll(java.time.Duration.ofMillis(100))) {
          records++;
        }
      }
      return records;
    }
  }

  private static Ledger ledger(StreamConfig stream) {
    try (DeltaTable table =
        DeltaTable.open(stream.table(), LakeConfiguration.of(Map.of())).orElseThrow()) {
      return table.ledger(stream.name()).orElseThrow();
    }
  }
}
