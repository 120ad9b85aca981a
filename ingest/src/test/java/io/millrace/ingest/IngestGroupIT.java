package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream's position as a consumer group's offsets. */
class IngestGroupIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void lagToolsSeeWhereTheStreamStandsAndNothingIsReadBack() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        Admin admin = Admin.create(Map.<String, Object>copyOf(stack.kafka()))) {
      // Given
      String group = TestStack.name("group");
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .consumerGroup(group)
              .mostRecords(30)
              .config();
      topic.sendReadings(0, 100, 2);
      topic.awaitAcknowledged();

      // When and then
      assertThat(Runs.drain(stream).streams().get(0).records()).isEqualTo(100);
      assertThat(offsets(admin, group)).isEqualTo(Map.of(0, 50L, 1, 50L));

      // Given offsets that somebody sets back
      admin
          .alterConsumerGroupOffsets(
              group, Map.of(new TopicPartition(topic.name, 0), new OffsetAndMetadata(7)))
          .all()
          .get();

      // When and then
      assertThat(Runs.drain(stream).streams().get(0).records()).isZero();
      assertThat(offsets(admin, group)).isEqualTo(Map.of(0, 50L, 1, 50L));
      topic.sendReadings(100, 110, 2);
      topic.awaitAcknowledged();
      assertThat(Runs.drain(stream).streams().get(0).records()).isEqualTo(10);
      assertThat(offsets(admin, group)).isEqualTo(Map.of(0, 55L, 1, 55L));
      assertThat(TableRows.read(stream.table())).hasSize(110);
    }
  }

  @Test
  void aGroupWithMembersIsLeftAloneAndTheStreamGoesOn() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        Admin admin = Admin.create(Map.<String, Object>copyOf(stack.kafka()))) {
      // Given somebody's consumer in the group
      String group = TestStack.name("group");
      topic.sendReadings(0, 20, 1);
      topic.awaitAcknowledged();
      Map<String, Object> properties = new HashMap<>(Map.<String, Object>copyOf(stack.kafka()));
      properties.put("group.id", group);
      properties.put("auto.offset.reset", "earliest");
      properties.put("enable.auto.commit", "false");
      try (KafkaConsumer<byte[], byte[]> member =
          new KafkaConsumer<>(
              properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        member.subscribe(List.of(topic.name));
        Runs.await(() -> !member.poll(Duration.ofMillis(100)).isEmpty());
        member.commitSync(Map.of(new TopicPartition(topic.name, 0), new OffsetAndMetadata(3)));

        // When
        IngestResult result =
            Runs.drain(
                new Runs.Stream(topic.name, lake.resolve("t")).consumerGroup(group).config());

        // Then
        assertThat(result.drained()).isTrue();
        assertThat(result.streams().get(0).records()).isEqualTo(20);
        assertThat(offsets(admin, group)).isEqualTo(Map.of(0, 3L));
      }
    }
  }

  @Test
  void withoutAGroupThereIsNone() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        Admin admin = Admin.create(Map.<String, Object>copyOf(stack.kafka()))) {
      topic.sendReadings(0, 5, 1);
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();

      assertThat(Runs.drain(stream).streams().get(0).records()).isEqualTo(5);

      assertThat(admin.listGroups().all().get())
          .extracting(GroupListing::groupId)
          .noneMatch(id -> id.contains(stream.name()));
    }
  }

  private static Map<Integer, Long> offsets(Admin admin, String group)
      throws ExecutionException, InterruptedException {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .entrySet()
        .stream()
        .collect(Collectors.toMap(e -> e.getKey().partition(), e -> e.getValue().offset()));
  }
}
