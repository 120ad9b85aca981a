package io.millrace.bench;

import io.millrace.core.config.RegistryConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.core.json.JsonFile;
import io.millrace.core.process.StopSignal;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.embedded.LocalStack;
import io.millrace.producer.ProduceJob;
import io.millrace.producer.ProduceJobBuilder;
import io.millrace.producer.ProduceListener;
import io.millrace.producer.ProduceResult;
import io.millrace.producer.Producer;
import io.millrace.producer.Schemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;

/** A broker and a registry of the bench's own, with one topic full of user events. */
final class BenchTopic implements AutoCloseable {
  static final String TOPIC = "user-events";
  private static final String SCHEMA = "user_event";

  private final Path directory;
  private final LocalStack stack;

  /**
   * @param directory the bench's own: the stack lives below it
   */
  BenchTopic(Path directory) {
    this.directory = directory;
    this.stack = LocalStack.start(directory.resolve("stack"));
  }

  /** Creates the topic and fills it, flat out and unkeyed; returns once all is acknowledged. */
  ProduceResult fill(long records, int partitions) {
    create(partitions);
    return produce(ProduceJob.builder(TOPIC, schema()), records);
  }

  void create(int partitions) {
    stack.createTopic(TOPIC, partitions);
  }

  /** Sends the job's records, so many, unkeyed; returns once all is acknowledged. */
  ProduceResult produce(ProduceJobBuilder job, long records) {
    job.kafka(Map.of("bootstrap.servers", stack.bootstrapServers())).records(records);
    try (SchemaRegistry registry = registry()) {
      ProduceResult result =
          Producer.run(job.build(), registry, ProduceListener.NONE, new StopSignal());
      if (result.acknowledged() != records) {
        throw new MillraceException(
            result.exitCode(),
            "The topic could not be filled",
            "%,d of %,d records were acknowledged".formatted(result.acknowledged(), records),
            "The broker's log is below " + directory.resolve("stack"));
      }
      return result;
    }
  }

  /** To be closed by the caller. */
  SchemaRegistry registry() {
    return new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()));
  }

  String bootstrapServers() {
    return stack.bootstrapServers();
  }

  long brokerPid() {
    return stack.brokerPid();
  }

  String registryUrl() {
    return stack.registryUrl();
  }

  /** Writes the writer schema as JSON, for a pipeline that doesn't ask the registry. */
  Path writeSchema() {
    return write("writer.avsc", schema().toString());
  }

  /**
   * Writes a config with one stream from the topic.
   *
   * @param stream further keys of the stream
   */
  Path writeConfig(String name, Path table, Map<String, Object> stream) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("topic", TOPIC);
    keys.put("table", table.toAbsolutePath().toString());
    keys.putAll(stream);
    Path file = directory.resolve(name + ".yaml");
    new JsonFile("config", file) // JSON is YAML
        .write(
            Map.of(
                "kafka", Map.of("bootstrap.servers", stack.bootstrapServers()),
                "registry", Map.of("url", stack.registryUrl()),
                "streams", Map.of("bench", keys)));
    return file;
  }

  static Schema schema() {
    return Schemas.load(SCHEMA);
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stack.close();
  }
}
