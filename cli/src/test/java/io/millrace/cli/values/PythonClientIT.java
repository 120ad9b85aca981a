package io.millrace.cli.values;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.SparkSessions;
import io.millrace.core.config.ConfigLoader;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.process.StopSignal;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.embedded.LocalStack;
import io.millrace.embedded.testing.PythonEnvironment;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestOptions;
import io.millrace.ingest.IngestResult;
import io.millrace.producer.ProduceJob;
import io.millrace.producer.ProduceListener;
import io.millrace.producer.Producer;
import io.millrace.producer.Schemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every Avro type from Confluent's official Python client and from our producer: that client reads
 * from the topic what delta-rs reads from the table.
 */
class PythonClientIT {
  private static final String TOPIC = "everything";
  private static final int EACH = 500;

  @TempDir private Path directory;

  @AfterEach
  void stopSpark() {
    SparkSessions.stop();
  }

  @Test
  void theClientReadsFromTheTopicWhatDeltaRsReadsFromTheTable() throws Exception {
    PythonEnvironment python =
        PythonEnvironment.with(
            "confluent-kafka[avro,schemaregistry]==2.16.0", "deltalake==1.6.6", "pyarrow==23.0.0");
    Path resources = Path.of("src", "test", "resources").toAbsolutePath();
    Path script = resources.resolve("every_type.py");
    String schema = resources.resolve("every_type.avsc").toString();
    Path table = directory.resolve("table");
    try (LocalStack stack = LocalStack.start(directory.resolve("stack"))) {
      // Given records of that client, and of our producer
      stack.createTopic(TOPIC, 2);
      PythonEnvironment.Result written =
          python.run(
              script,
              "write",
              stack.registryUrl(),
              stack.bootstrapServers(),
              TOPIC,
              schema,
              String.valueOf(EACH));
      assertThat(written.exitCode()).as(written.output()).isZero();
      produce(stack, schema);

      // When
      IngestResult result =
          Ingest.run(
              config(stack, table),
              IngestOptions.drain(),
              new StopSignal(),
              failure -> {},
              InstantSource.system());

      // Then
      assertThat(result.drained()).as(result.toString()).isTrue();
      PythonEnvironment.Result compared =
          python.run(
              script,
              "compare",
              stack.registryUrl(),
              stack.bootstrapServers(),
              TOPIC,
              table.toString());
      assertThat(compared.exitCode()).as(compared.output()).isZero();
      assertThat(compared.output().strip()).endsWith(String.valueOf(2 * EACH));
    }
  }

  private static void produce(LocalStack stack, String schema) {
    ProduceJob job =
        ProduceJob.builder(TOPIC, Schemas.load(schema))
            .kafka(Map.of("bootstrap.servers", stack.bootstrapServers()))
            .records(EACH)
            .build();
    try (SchemaRegistry registry =
        new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()))) {
      assertThat(Producer.run(job, registry, ProduceListener.NONE, new StopSignal()).acknowledged())
          .isEqualTo(EACH);
    }
  }

  private MillraceConfig config(LocalStack stack, Path table) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("millrace.yaml"),
            """
            kafka: {bootstrap.servers: "%s"}
            registry: {url: "%s"}
            streams: {everything: {topic: "%s", table: "%s"}}
            """
                .formatted(stack.bootstrapServers(), stack.registryUrl(), TOPIC, table));
    return ConfigLoader.load(file).config();
  }
}
