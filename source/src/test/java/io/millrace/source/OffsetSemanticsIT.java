package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.column.TableLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where streams begin, how far a batch goes, and what counts as lost, as in Spark's Kafka source.
 */
class OffsetSemanticsIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path directory;

  @Test
  void aStreamBeginsWhereItsOptionsSay() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given ids 0, 2, ... in partition 0 and 1, 3, ... in partition 1, a second apart
      for (long id = 0; id < 10; id++) {
        topic.send(
            new ProducerRecord<>(
                topic.name,
                (int) (id % 2),
                1_000_000 + id * 1000,
                null,
                topic.value(TestTopic.reading(id))));
      }
      topic.awaitAcknowledged();
      String byPartition = "{\"%s\":{\"0\":%d,\"1\":%d}}";

      // Then
      assertThat(from(topic, Map.of("startingOffsets", byPartition.formatted(topic.name, 3, -2))))
          .containsExactly(1L, 3L, 5L, 6L, 7L, 8L, 9L);
      assertThat(from(topic, Map.of("startingOffsets", byPartition.formatted(topic.name, -1, 4))))
          .containsExactly(9L);
      assertThat(from(topic, Map.of("startingTimestamp", "1006500"))).containsExactly(7L, 8L, 9L);
      assertThat(
              from(
                  topic,
                  Map.of(
                      "startingOffsetsByTimestamp",
                      byPartition.formatted(topic.name, 1008000, 1003000))))
          .containsExactly(3L, 5L, 7L, 8L, 9L);
      // The time goes before offsets
      assertThat(from(topic, Map.of("startingTimestamp", "1008000", "startingOffsets", "earliest")))
          .containsExactly(8L, 9L);
      assertThatThrownBy(() -> from(topic, Map.of("startingTimestamp", "1009000")))
          .hasStackTraceContaining("no record of topic " + topic.name + " has that time");
      assertThat(
              from(
                  topic,
                  Map.of(
                      "startingTimestamp",
                      "1009000",
                      "startingOffsetsByTimestampStrategy",
                      "latest")))
          .containsExactly(9L);
      assertThatThrownBy(() -> from(topic, Map.of("endingOffsets", "latest")))
          .hasStackTraceContaining("can't have an end");
    }
  }

  private int checkpoints;

  private List<Long> from(TestTopic topic, Map<String, String> options) throws Exception {
    List<Long> ids = Collections.synchronizedList(new ArrayList<>());
    drain(topic, directory.resolve("from-" + checkpoints++), options, ids);
    return ids.stream().sorted().toList();
  }

  @Test
  void minPartitionsSplitsLongRanges() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 100, 2);
      Dataset<Row> whole = stack.read(topic.name).load().select("id");
      Dataset<Row> split = stack.read(topic.name).option("minPartitions", 5).load().select("id");
      assertThat(whole.rdd().getNumPartitions()).isEqualTo(2);
      // 2.5 of each, rounded up
      assertThat(split.rdd().getNumPartitions()).isEqualTo(6);
      assertThat(split.collectAsList().stream().map(r -> r.getLong(0)))
          .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 100).boxed().toList());

      // A stream's batch, too
      List<Integer> tasks = Collections.synchronizedList(new ArrayList<>());
      stack
          .readStream(topic.name)
          .option("startingOffsets", "earliest")
          .option("minPartitions", 5)
          .load()
          .writeStream()
          .option("checkpointLocation", directory.resolve("c").toString())
          .trigger(Trigger.AvailableNow())
          .foreachBatch(
              (rows, batch) -> {
                tasks.add(rows.rdd().getNumPartitions());
              })
          .start()
          .awaitTermination();
      assertThat(tasks).containsExactly(6);
    }
  }

  @Test
  void aSmallBatchWaitsForMoreOrForItsTime() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given a stream that has let its first batch through
      topic.sendReadings(0, 4, 1);
      AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // Nano clocks may wrap around
      TopicStream stream =
          stream(
              topic,
              Map.of(
                  "startingOffsets",
                  "earliest",
                  "minOffsetsPerTrigger",
                  "10",
                  "maxOffsetsPerTrigger",
                  "12",
                  "maxTriggerDelay",
                  "1h"),
              clock);
      ReadLimit limit = stream.getDefaultReadLimit();
      Offset first = stream.latestOffset(stream.initialOffset(), limit);
      assertThat(next(first)).containsExactly(Map.entry(0, 4L));
      topic.sendReadings(4, 7, 1);

      // Then it waits for the hour
      clock.addAndGet(Duration.ofHours(1).toNanos() - 1);
      assertThat(next(stream.latestOffset(first, limit))).containsExactly(Map.entry(0, 4L));
      clock.addAndGet(1);
      Offset second = stream.latestOffset(first, limit);
      assertThat(next(second)).containsExactly(Map.entry(0, 7L));

      // And then again for ten, of which it takes no more than twelve
      topic.sendReadings(7, 16, 1);
      assertThat(next(stream.latestOffset(second, limit))).containsExactly(Map.entry(0, 7L));
      topic.sendReadings(16, 30, 1);
      assertThat(next(stream.latestOffset(second, limit))).containsExactly(Map.entry(0, 19L));
      assertThat(next(stream.reportLatestOffset())).containsExactly(Map.entry(0, 30L));
      stream.stop();
    }
  }

  private TopicStream stream(TestTopic topic, Map<String, String> options, AtomicLong clock) {
    Map<String, String> all = new HashMap<>(stack.options(topic.name));
    all.putAll(options);
    SourceOptions read = SourceOptions.of(all);
    TableLayout layout = TopicTable.of(read).layout();
    return new TopicStream(
        read,
        ReadSpec.of(read, layout, layout),
        directory.resolve("stream").toString(),
        stack.spark().sparkContext(),
        clock::get);
  }

  private static SortedMap<Integer, Long> next(Offset offset) {
    return new TreeMap<>(((TopicOffsets) offset).next());
  }

  @Test
  void aNewPartitionThatHasLostItsStartIsLostData() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        Admin admin = Admin.create(Map.of("bootstrap.servers", stack.stack().bootstrapServers()))) {
      // Given a query that has read one partition, and a second one without its first records
      Path checkpoint = directory.resolve("c");
      List<Long> ids = Collections.synchronizedList(new ArrayList<>());
      topic.sendReadings(0, 2, 1);
      drain(topic, checkpoint, Map.of("startingOffsets", "earliest"), ids);
      admin.createPartitions(Map.of(topic.name, NewPartitions.increaseTo(2))).all().get();
      topic.sendReadings(2, 12, 2);
      admin
          .deleteRecords(Map.of(new TopicPartition(topic.name, 1), RecordsToDelete.beforeOffset(2)))
          .all()
          .get();

      // Then
      assertThatThrownBy(() -> drain(topic, checkpoint, Map.of(), ids))
          .hasStackTraceContaining("new partition 1 starts at 2");
      drain(topic, checkpoint, Map.of("failOnDataLoss", "false"), ids);
      assertThat(ids).containsExactlyInAnyOrder(0L, 1L, 2L, 4L, 6L, 8L, 10L, 7L, 9L, 11L);
    }
  }

  @Test
  void aTopicCreatedAgainIsLostDataOrGoesOnWithWhatItHas() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        Admin admin = Admin.create(Map.of("bootstrap.servers", stack.stack().bootstrapServers()))) {
      // Given a query whose second batch, offsets 3 to 8, is planned and has failed
      Path checkpoint = directory.resolve("c");
      List<Long> ids = Collections.synchronizedList(new ArrayList<>());
      topic.sendReadings(0, 6, 2);
      drain(topic, checkpoint, Map.of("startingOffsets", "earliest"), ids);
      topic.sendReadings(6, 16, 2);
      StreamingQuery failing =
          stack
              .readStream(topic.name)
              .load()
              .writeStream()
              .option("checkpointLocation", checkpoint.toString())
              .trigger(Trigger.AvailableNow())
              .foreachBatch(
                  (VoidFunction2<Dataset<Row>, Long>)
                      (rows, batch) -> {
                        throw new IllegalStateException("on purpose");
                      })
              .start();
      assertThatThrownBy(failing::awaitTermination).hasStackTraceContaining("on purpose");

      // When the topic is made anew with five records in one partition and one in the other
      admin.deleteTopics(Set.of(topic.name)).all().get();
      while (admin.listTopics().names().get().contains(topic.name)) {
        Thread.onSpinWait();
      }
      stack.stack().createTopic(topic.name, 2);
      try (KafkaProducer<byte[], byte[]> producer = topic.newProducer(Map.of())) {
        for (long id = 100; id < 105; id++) {
          producer.send(
              new ProducerRecord<>(topic.name, 0, null, topic.value(TestTopic.reading(id))));
        }
        producer
            .send(new ProducerRecord<>(topic.name, 1, null, topic.value(TestTopic.reading(105))))
            .get();
      }

      // Then
      assertThatThrownBy(() -> drain(topic, checkpoint, Map.of(), ids))
          .hasStackTraceContaining("Records of topic " + topic.name);
      ids.clear();
      drain(topic, checkpoint, Map.of("failOnDataLoss", "false"), ids);
      assertThat(ids).containsExactly(103L, 104L);
    }
  }

  private void drain(TestTopic topic, Path checkpoint, Map<String, String> options, List<Long> ids)
      throws Exception {
    stack
        .readStream(topic.name)
        .options(options)
        .load()
        .writeStream()
        .option("checkpointLocation", checkpoint.toString())
        .trigger(Trigger.AvailableNow())
        .foreachBatch(
            (rows, batch) -> {
              rows.select("id").collectAsList().forEach(r -> ids.add(r.getLong(0)));
            })
        .start()
        .awaitTermination();
  }
}
