package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.lake.deadletter.DeadLetterTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters that also go to a Kafka topic: each at least once, whatever happens between. */
class IngestDeadLetterTopicIT {
  private static final long AT = 1_700_000_000_000L;
  private static final String CONNECT = "__connect.errors.";

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void theyArePublishedAsTheyCame() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given
      String published = create(2, Map.of());
      topic.sendReadings(0, 30, 2);
      byte[] whole = topic.value(30, AT, "cut off");
      byte[] cut = Arrays.copyOf(whole, whole.length - 2);
      ProducerRecord<byte[], byte[]> headed =
          new ProducerRecord<>(topic.name, 1, AT, bytes("a key"), cut);
      headed.headers().add("own", bytes("first")).add("none", null).add("own", bytes("second"));
      topic.send(headed);
      topic.send(0, null, bytes("no header"));
      topic.awaitAcknowledged();
      StreamConfig stream = stream(topic).deadLetterTopic(published).config();

      // When
      assertThat(Runs.drain(stream).drained()).isTrue();

      // Then
      List<ConsumerRecord<byte[], byte[]>> letters = read(published);
      assertThat(letters)
          .extracting(l -> header(l, CONNECT + "partition"), l -> header(l, CONNECT + "offset"))
          .containsExactlyInAnyOrder(tuple("1", "15"), tuple("0", "15"));
      ConsumerRecord<byte[], byte[]> first = at(letters, "1");
      assertThat(first.key()).isEqualTo(bytes("a key"));
      assertThat(first.value()).isEqualTo(cut);
      assertThat(first.timestamp()).isGreaterThan(AT);
      assertThat(
              Stream.of(first.headers().toArray())
                  .limit(3)
                  .map(h -> h.key() + "=" + (h.value() == null ? null : text(h.value()))))
          .containsExactly("own=first", "none=null", "own=second");
      assertThat(header(first, CONNECT + "topic")).isEqualTo(topic.name);
      assertThat(header(first, CONNECT + "connector.name")).isEqualTo(stream.name());
      assertThat(header(first, CONNECT + "exception.class.name")).isEqualTo("MALFORMED");
      assertThat(header(first, CONNECT + "exception.message")).contains("field note at byte");
      assertThat(header(first, "millrace.error.class")).isEqualTo("MALFORMED");
      assertThat(header(first, "millrace.timestamp")).isEqualTo(Long.toString(AT));
      assertThat(header(first, "millrace.schema.id")).isEqualTo("" + topic.schemaId);
      ConsumerRecord<byte[], byte[]> second = at(letters, "0");
      assertThat(second.key()).isNull();
      assertThat(second.value()).isEqualTo(bytes("no header"));
      assertThat(header(second, "millrace.schema.id")).isNull();
      new LateRecords(stack, topic).prove(stream, 30, 2, 0, 0);

      // And what is published is not published again, though the ledger still calls it pending
      Runs.drain(stream);
      assertThat(read(published)).hasSize(2);
      new LateRecords(stack, topic).prove(stream, 30, 2, 0, 0);
    }
  }

  @Test
  void aWriterThatIsKilledBeforePublishingLeavesItToTheNext() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given a writer that is halted when both tables have a batch, and its topic has not
      String published = create(1, Map.of());
      topic.sendReadings(0, 20, 1);
      for (int i = 0; i < 1_000; i++) {
        topic.send(0, null, bytes("broken " + i));
      }
      topic.awaitAcknowledged();
      StreamConfig stream = stream(topic).deadLetterTopic(published).config();
      Process halted = ChildIngest.start(stack, topic, stream, 1_020, 1, published);
      assertThat(halted.waitFor()).isEqualTo(9);
      assertThat(read(published)).isEmpty();
      new LateRecords(stack, topic).prove(stream, 20, 1_000, 0, 0);

      // When
      Runs.drain(stream);

      // Then each is there once
      assertThat(read(published).stream().map(l -> text(l.value())).distinct()).hasSize(1_000);
      assertThat(read(published)).hasSize(1_000);
      topic.send(0, null, bytes("one more"));
      topic.awaitAcknowledged();
      Runs.drain(stream);
      assertThat(read(published)).hasSize(1_001);

      // And of a writer that was killed before it could note it, twice
      Files.delete(lake.resolve("t/_millrace/published"));
      Runs.drain(stream);
      assertThat(read(published).stream().map(l -> text(l.value())))
          .hasSize(1_002)
          .endsWith("one more", "one more");
      new LateRecords(stack, topic).prove(stream, 20, 1_001, 0, 0);
    }
  }

  @Test
  void aTopicThatIsNotThereOrIsCompactedIsRefusedAtTheStart() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        Admin admin = admin()) {
      topic.send(0, null, bytes("broken"));
      topic.awaitAcknowledged();
      String missing = TestStack.name("missing");
      String compacted = create(1, Map.of("cleanup.policy", "compact"));

      IngestResult.Stream refused =
          Runs.drain(stream(topic).deadLetterTopic(missing).config()).firstFailure().orElseThrow();
      IngestResult.Stream other =
          Runs.drain(stream(topic).deadLetterTopic(compacted).config())
              .firstFailure()
              .orElseThrow();

      assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE.code());
      assertThat(refused.error()).contains(missing, "can't take dead letters", "Create the topic");
      assertThat(other.exitCode()).isEqualTo(ExitCode.USAGE.code());
      assertThat(other.error()).contains(compacted, "cleanup.policy is compact");
      assertThat(topics(admin)).doesNotContain(missing);
      assertThat(lake.resolve("t")).doesNotExist();
    }
  }

  @Test
  void aTopicThatDoesNotTakeThemStopsTheStreamAndLosesNothing() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      String published = create(1, Map.of());
      topic.sendReadings(0, 10, 1);
      topic.send(0, null, bytes("broken"));
      topic.awaitAcknowledged();
      StreamConfig stream = stream(topic).deadLetterTopic(published).config();

      // When no partition's leader can be had in the time that the producer waits for it
      StreamConfig impatient =
          stream(topic)
              .deadLetterTopic(published)
              .kafka(Map.of("max.block.ms", "0"))
              .restartFor(Duration.ofSeconds(5))
              .config();
      IngestResult.Stream stopped = Runs.drain(impatient).firstFailure().orElseThrow();

      // Then it tried again as after other failures of Kafka's, and both tables have all
      assertThat(stopped.exitCode()).isEqualTo(ExitCode.UNREACHABLE.code());
      assertThat(stopped.restarts()).isPositive();
      assertThat(stopped.records()).isEqualTo(10);
      assertThat(stopped.deadLetters()).isEqualTo(1);
      assertThat(stopped.error()).contains(published, DeadLetterTable.path(stream.table()));
      assertThat(read(published)).isEmpty();
      new LateRecords(stack, topic).prove(stream, 10, 1, 0, 0);

      // When it can
      assertThat(Runs.drain(stream).drained()).isTrue();
      assertThat(read(published)).extracting(l -> text(l.value())).containsExactly("broken");
    }
  }

  @Test
  void aTopicThatIsDeletedMeanwhileStopsTheStreamAndIsNotMadeAnew() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        Admin admin = admin()) {
      String published = create(1, Map.of());
      topic.sendReadings(0, 10, 1);
      StreamConfig stream = stream(topic).deadLetterTopic(published).config();

      // When it is deleted while the stream runs, and then a dead letter comes
      AtomicBoolean deleted = new AtomicBoolean();
      IngestResult result =
          Runs.runUntil(
              () -> {
                if (!deleted.get() && TableRows.countOrZero(stream.table()) == 10) {
                  admin.deleteTopics(List.of(published));
                  Runs.await(() -> !topics(admin).contains(published));
                  deleted.set(true);
                  topic.send(0, null, bytes("broken"));
                }
                return false;
              },
              stream);

      // Then
      IngestResult.Stream stopped = result.firstFailure().orElseThrow();
      assertThat(stopped.exitCode()).isEqualTo(ExitCode.USAGE.code());
      assertThat(stopped.error()).contains(published, "Create the topic");
      assertThat(stopped.restarts()).isZero();
      assertThat(topics(admin)).doesNotContain(published);
      new LateRecords(stack, topic).prove(stream, 10, 1, 0, 0);

      // And it is in another topic once there is one
      String next = create(1, Map.of());
      Runs.drain(stream(topic).deadLetterTopic(next).config());
      assertThat(read(next)).extracting(l -> text(l.value())).containsExactly("broken");
    }
  }

  private static Set<String> topics(Admin admin) {
    try {
      return admin.listTopics().names().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void oneThatIsTooLargeForTheTopicIsPublishedWithoutItsContent() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      String published = create(1, Map.of("max.message.bytes", "4000"));
      byte[] large = new byte[20_000];
      new Random(1).nextBytes(large);
      large[0] = 1;
      for (int i = 0; i < 40; i++) {
        topic.send(0, bytes("k"), i % 4 == 0 ? large : bytes("small " + i));
      }
      topic.awaitAcknowledged();
      StreamConfig stream = stream(topic).deadLetterTopic(published).config();

      assertThat(Runs.drain(stream).drained()).isTrue();

      List<ConsumerRecord<byte[], byte[]>> letters = read(published);
      assertThat(letters).hasSize(40);
      assertThat(letters.stream().filter(l -> l.value() == null))
          .hasSize(10)
          .allSatisfy(
              l -> {
                assertThat(l.key()).isNull();
                assertThat(header(l, "millrace.left.out.bytes")).isEqualTo("20001");
                assertThat(Long.parseLong(header(l, CONNECT + "offset")) % 4).isZero();
              });
      assertThat(letters.stream().filter(l -> l.value() != null))
          .allSatisfy(
              l -> assertThat(text(l.value())).isEqualTo("small " + header(l, CONNECT + "offset")));
      new LateRecords(stack, topic).prove(stream, 0, 40, 0, 0);

      // When not even the place and the reason fit
      set(published, "max.message.bytes", "100");
      topic.send(0, null, bytes("broken"));
      topic.awaitAcknowledged();
      IngestResult.Stream stopped = Runs.drain(stream).firstFailure().orElseThrow();
      assertThat(stopped.exitCode()).isEqualTo(ExitCode.USAGE.code());
      assertThat(stopped.error()).contains("RecordTooLarge", "the topic's settings");
    }
  }

  private Runs.Stream stream(TestTopic topic) {
    return new Runs.Stream(topic.name, lake.resolve("t")).named("stream-of-" + topic.name);
  }

  private Admin admin() {
    return Admin.create(Map.<String, Object>copyOf(stack.kafka()));
  }

  private String create(int partitions, Map<String, String> settings) throws Exception {
    String name = TestStack.name("broken");
    try (Admin admin = admin()) {
      NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty());
      admin.createTopics(List.of(topic.configs(settings))).all().get();
    }
    return name;
  }

  private void set(String topic, String setting, String value) throws Exception {
    try (Admin admin = admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(new AlterConfigOp(new ConfigEntry(setting, value), OpType.SET))))
          .all()
          .get();
    }
  }

  /** All that is there now, by partition and offset. */
  private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.<String, Object>copyOf(stack.kafka()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
    }
    return records;
  }

  private static ConsumerRecord<byte[], byte[]> at(
      List<ConsumerRecord<byte[], byte[]>> letters, String partition) {
    return letters.stream()
        .filter(l -> partition.equals(header(l, CONNECT + "partition")))
        .findFirst()
        .orElseThrow();
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    return StreamSupport.stream(record.headers().headers(name).spliterator(), false)
        .map(h -> text(h.value()))
        .findFirst()
        .orElse(null);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
