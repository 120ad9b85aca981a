package io.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.RegistryConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackIT {
  private static final Schema SCHEMA =
      SchemaBuilder.record("Event").fields().requiredLong("at").endRecord();

  @TempDir private Path directory;

  @Test
  void topicsRecordsSchemasAndPortsOutliveARestart() throws Exception {
    // Given a stack with a topic, a record and a schema
    String bootstrapServers;
    String registryUrl;
    try (LocalStack stack = LocalStack.start(directory)) {
      bootstrapServers = stack.bootstrapServers();
      registryUrl = stack.registryUrl();
      stack.createTopic("kept", 3);
      send(stack, "kept", "first");
      assertThat(register(stack, "kept-value")).isEqualTo(1);
    }

    // When it is started again
    try (LocalStack stack = LocalStack.start(directory)) {
      // Then all is there, at the same addresses
      assertThat(stack.bootstrapServers()).isEqualTo(bootstrapServers);
      assertThat(stack.registryUrl()).isEqualTo(registryUrl);
      assertThat(topics(stack)).contains("kept");
      assertThat(read(stack, "kept")).containsExactly("first");
      assertThat(register(stack, "other-value")).isEqualTo(1);

      // And a broker that is killed comes back with what it had acknowledged
      send(stack, "kept", "second");
      long killed = stack.brokerPid();
      stack.killBroker();
      assertThat(ProcessHandle.of(killed)).isEmpty();
      stack.startBroker();
      assertThat(stack.brokerPid()).isNotEqualTo(killed);
      assertThat(read(stack, "kept")).containsExactly("first", "second");
      assertThat(register(stack, "third-value")).isEqualTo(1);
    }
  }

  @Test
  void manyPartitionsAndMistakes() throws Exception {
    try (LocalStack stack = LocalStack.start(directory)) {
      // Every partition of a large topic takes a record as soon as createTopic returns.
      stack.createTopic("large", 1_000);
      try (KafkaProducer<String, String> producer = producer(stack)) {
        var sent =
            java.util.stream.IntStream.range(0, 1_000)
                .mapToObj(p -> producer.send(new ProducerRecord<>("large", p, null, "x")))
                .toList();
        for (var acknowledged : sent) {
          assertThat(acknowledged.get().offset()).isZero();
        }
      }

      assertFails(() -> stack.createTopic("large", 1), ExitCode.USAGE, "'large'", "it exists");
      assertFails(stack::startBroker, ExitCode.USAGE, "runs already");
      assertFails(
          () -> LocalStack.start(directory), ExitCode.USAGE, "directory in use", "millrace down");

      int port = Integer.parseInt(stack.bootstrapServers().split(":", 2)[1]);
      assertFails(
          () -> LocalStack.start(directory.resolve("other"), new LocalStack.Options(port, 0, 0)),
          ExitCode.UNREACHABLE,
          "port in use",
          Integer.toString(port));
    }
  }

  private static void assertFails(Runnable action, ExitCode exitCode, String... parts) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
        .hasMessageContainingAll(parts);
  }

  private static int register(LocalStack stack, String subject) {
    try (SchemaRegistry registry =
        new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()))) {
      int id = registry.register(subject, SCHEMA);
      assertThat(registry.byId(id)).isEqualTo(SCHEMA);
      assertThat(registry.latest(subject).version()).isEqualTo(1);
      return id;
    }
  }

  private static Iterable<String> topics(LocalStack stack) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
      return admin.listTopics().names().get();
    }
  }

  private static void send(LocalStack stack, String topic, String value) throws Exception {
    try (KafkaProducer<String, String> producer = producer(stack)) {
      producer.send(new ProducerRecord<>(topic, 0, null, value)).get();
    }
  }

  private static KafkaProducer<String, String> producer(LocalStack stack) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", stack.bootstrapServers(), "acks", "all"),
        new StringSerializer(),
        new StringSerializer());
  }

  private static List<String> read(LocalStack stack, String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", stack.bootstrapServers()),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      List<String> values = new java.util.ArrayList<>();
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          values.add(record.value());
        }
      }
      return values;
    }
  }
}
