package io.millrace.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.SourceProgress;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code spark.readStream().format("millrace")} over a real broker and registry. */
class StreamReadIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path directory;

  @Test
  void aStreamGoesOnFromItsCheckpointWithoutGapOrRepetition() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given a query that has read some
      Path checkpoint = directory.resolve("checkpoint");
      List<Long> ids = Collections.synchronizedList(new ArrayList<>());
      topic.sendReadings(0, 1000, 2);
      drain(topic, checkpoint, Map.of("startingOffsets", "earliest"), ids);
      assertThat(ids).hasSize(1000);

      // When more comes while it does not run
      topic.sendReadings(1000, 1500, 2);
      drain(topic, checkpoint, Map.of("startingOffsets", "earliest"), ids);

      // Then
      assertThat(ids)
          .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 1500).boxed().toList());
    }
  }

  @Test
  void aStreamOfTheLatestBeginsAgainWhereItFirstBegan() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given a query that began at the end of 5 records, and never got to a batch
      Path checkpoint = directory.resolve("checkpoint");
      List<Long> ids = Collections.synchronizedList(new ArrayList<>());
      topic.sendReadings(0, 5, 1);
      drain(topic, checkpoint, Map.of(), ids);
      assertThat(ids).isEmpty();

      // When
      topic.sendReadings(5, 8, 1);
      drain(topic, checkpoint, Map.of(), ids);

      // Then
      assertThat(ids).containsExactly(5L, 6L, 7L);
      assertThat(Files.readString(checkpoint.resolve("sources/0/0")))
          .isEqualTo("\0v1\n{\"%s\":{\"0\":5}}".formatted(topic.name));
    }
  }

  @Test
  void batchesAreBoundedAndTheProgressTellsLagOffsetsAndSkippedRecords() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given
      topic.sendReadings(0, 100, 2);
      topic.send(0, null, "broken".getBytes(UTF_8));
      topic.send(1, null, null);
      topic.awaitAcknowledged();

      // When
      List<Long> ids = Collections.synchronizedList(new ArrayList<>());
      StreamingQueryProgress[] progress =
          drain(
              topic,
              directory.resolve("c"),
              Map.of(
                  "startingOffsets", "earliest",
                  "maxOffsetsPerTrigger", "30",
                  "onBadRecord", "skip"),
              ids);

      // Then
      assertThat(ids).hasSize(100);
      SourceProgress first = progress[0].sources()[0];
      assertThat(first.numInputRows()).isEqualTo(30);
      assertThat(first.endOffset()).isEqualTo("{\"%s\":{\"0\":15,\"1\":15}}".formatted(topic.name));
      assertThat(first.latestOffset())
          .isEqualTo("{\"%s\":{\"0\":51,\"1\":51}}".formatted(topic.name));
      assertThat(first.metrics())
          .containsEntry("minOffsetsBehindLatest", "36")
          .containsEntry("maxOffsetsBehindLatest", "36")
          .containsEntry("avgOffsetsBehindLatest", "36.0");
      SourceProgress last =
          Arrays.stream(progress)
              .filter(p -> p.numInputRows() > 0)
              .reduce((a, b) -> b)
              .get()
              .sources()[0];
      assertThat(last.metrics())
          .containsEntry("maxOffsetsBehindLatest", "0")
          .containsEntry("badRecords", "1")
          .containsEntry("nullValues", "1");
    }
  }

  @Test
  void availableNowReadsWhatWasThereAtItsStart() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 10, 1);
      List<Long> ids = Collections.synchronizedList(new ArrayList<>());
      StreamingQuery query =
          stack
              .readStream(topic.name)
              .option("startingOffsets", "earliest")
              .option("maxOffsetsPerTrigger", 4)
              .load()
              .writeStream()
              .option("checkpointLocation", directory.resolve("c").toString())
              .trigger(Trigger.AvailableNow())
              .foreachBatch(
                  (rows, batch) -> {
                    rows.select("id").collectAsList().forEach(r -> ids.add(r.getLong(0)));
                    // More comes with each batch, and would never end
                    topic.sendReadings(100, 110, 1);
                  })
              .start();
      query.awaitTermination();
      assertThat(ids).containsExactlyElementsOf(LongStream.range(0, 10).boxed().toList());
    }
  }

  @Test
  void aRunningStreamTakesNewSchemasAndNewPartitions() throws Exception {
    Schema next =
        SchemaBuilder.record("Reading")
            .fields()
            .requiredLong("id")
            .requiredDouble("celsius")
            .optionalString("note")
            .optionalString("added")
            .endRecord();
    try (TestTopic topic = new TestTopic(stack, 1);
        Admin admin = Admin.create(Map.of("bootstrap.servers", stack.stack().bootstrapServers()))) {
      StreamingQuery query =
          stack
              .readStream(topic.name)
              .option("startingOffsets", "earliest")
              .option("columns", "id,kafka_partition")
              .load()
              .writeStream()
              .format("memory")
              .queryName("grown")
              .option("checkpointLocation", directory.resolve("c").toString())
              .start();
      try {
        topic.sendReadings(0, 3, 1);
        query.processAllAvailable();

        // When
        admin.createPartitions(Map.of(topic.name, NewPartitions.increaseTo(2))).all().get();
        topic.send(
            1,
            new GenericRecordBuilder(next)
                .set("id", 7L)
                .set("celsius", 1.0)
                .set("note", null)
                .set("added", "x")
                .build());
        topic.awaitAcknowledged();
        query.processAllAvailable();

        // Then
        List<Row> rows = stack.spark().sql("select * from grown order by id").collectAsList();
        assertThat(rows.toString()).isEqualTo("[[0,0], [1,0], [2,0], [7,1]]");
      } finally {
        query.stop();
      }
    }
  }

  @Test
  void aBadRecordEndsTheStreamWithItsPlace() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 3, 1);
      topic.send(0, null, "broken".getBytes(UTF_8));
      topic.awaitAcknowledged();
      List<Long> ids = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  drain(topic, directory.resolve("c"), Map.of("startingOffsets", "earliest"), ids))
          .isInstanceOf(StreamingQueryException.class)
          .hasStackTraceContaining(
              "The record at topic %s, partition 0, offset 3 can't be read: the value starts with"
                  .formatted(topic.name));
    }
  }

  @Test
  void recordsRemovedBeforeTheyWereReadEndTheStreamUnlessLossIsAccepted() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        Admin admin = Admin.create(Map.of("bootstrap.servers", stack.stack().bootstrapServers()))) {
      // Given a query that has read 10 of 30, of which 15 are removed then
      Path checkpoint = directory.resolve("c");
      List<Long> ids = Collections.synchronizedList(new ArrayList<>());
      topic.sendReadings(0, 10, 1);
      drain(topic, checkpoint, Map.of("startingOffsets", "earliest"), ids);
      topic.sendReadings(10, 30, 1);
      admin
          .deleteRecords(
              Map.of(new TopicPartition(topic.name, 0), RecordsToDelete.beforeOffset(15)))
          .all()
          .get();

      // Then
      assertThatThrownBy(() -> drain(topic, checkpoint, Map.of(), ids))
          .hasStackTraceContaining("partition 0 has nothing at offset 10, its first is 15");
      drain(topic, checkpoint, Map.of("failOnDataLoss", "false"), ids);
      assertThat(ids)
          .containsExactlyElementsOf(
              LongStream.concat(LongStream.range(0, 10), LongStream.range(15, 30))
                  .boxed()
                  .toList());
    }
  }

  @Test
  void smallBatchesWaitForMore() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given
      topic.sendReadings(0, 4, 1);
      List<Long> batches = Collections.synchronizedList(new ArrayList<>());
      StreamingQuery query =
          stack
              .readStream(topic.name)
              .option("startingOffsets", "earliest")
              .option("minOffsetsPerTrigger", 10)
              .option("maxTriggerDelay", "1h")
              .load()
              .writeStream()
              .option("checkpointLocation", directory.resolve("c").toString())
              .foreachBatch(
                  (rows, batch) -> {
                    batches.add(rows.count());
                  })
              .start();
      try {
        query.processAllAvailable();

        // When 6 more come, then 10
        topic.sendReadings(4, 10, 1);
        query.processAllAvailable();
        topic.sendReadings(10, 14, 1);
        query.processAllAvailable();

        // Then the first batch goes at once, the others with 10
        assertThat(batches).containsExactly(4L, 10L);
      } finally {
        query.stop();
      }
    }
  }

  private StreamingQueryProgress[] drain(
      TestTopic topic, Path checkpoint, Map<String, String> options, List<Long> ids)
      throws Exception {
    StreamingQuery query =
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
            .start();
    query.awaitTermination();
    return query.recentProgress();
  }
}
