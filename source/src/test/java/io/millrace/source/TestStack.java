package io.millrace.source;

import io.millrace.core.config.RegistryConfig;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.embedded.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;

/** One broker, registry and Spark session for all tests of this JVM. */
final class TestStack {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static TestStack shared;

  private final LocalStack stack;
  private final SchemaRegistry registry;
  private final SparkSession spark;

  private TestStack(LocalStack stack) {
    this.stack = stack;
    this.registry = new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()));
    this.spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", "target/warehouse")
            .getOrCreate();
  }

  static synchronized TestStack shared() {
    if (shared == null) {
      try {
        Path directory = Files.createTempDirectory(Path.of("target"), "stack-").toAbsolutePath();
        shared = new TestStack(LocalStack.start(directory));
        Runtime.getRuntime().addShutdownHook(new Thread(shared.stack::close));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return shared;
  }

  LocalStack stack() {
    return stack;
  }

  SchemaRegistry registry() {
    return registry;
  }

  SparkSession spark() {
    return spark;
  }

  /** A name that no other test has. */
  static String name(String start) {
    return start + "-" + NAMES.incrementAndGet();
  }

  Map<String, String> options(String topic) {
    return Map.of(
        "kafka.bootstrap.servers", stack.bootstrapServers(),
        "registry.url", stack.registryUrl(),
        "topic", topic);
  }

  DataFrameReader read(String topic) {
    return spark.read().format("millrace").options(options(topic));
  }

  DataStreamReader readStream(String topic) {
    return spark.readStream().format("millrace").options(options(topic));
  }
}
