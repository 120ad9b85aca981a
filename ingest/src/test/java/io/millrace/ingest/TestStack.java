package io.millrace.ingest;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.embedded.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * One broker and registry for all tests of this JVM; each test has topics and tables of its own.
 */
final class TestStack {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static TestStack shared;

  private final LocalStack stack;
  private final Path directory;
  private final SchemaRegistry registry;

  private TestStack(LocalStack stack, Path directory) {
    this.stack = stack;
    this.directory = directory;
    this.registry = new RestSchemaRegistry(registryConfig());
  }

  static synchronized TestStack shared() {
    if (shared == null) {
      try {
        Path directory = Files.createTempDirectory(Path.of("target"), "stack-").toAbsolutePath();
        shared = new TestStack(LocalStack.start(directory), directory);
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

  /** Takes all records from a partition's log, and what the broker knows of its leaders. */
  void cutLog(String partition) throws IOException {
    Path log;
    try (Stream<Path> all = Files.find(directory, 5, (p, a) -> p.endsWith(partition))) {
      log = all.findFirst().orElseThrow();
    }
    try (Stream<Path> files = Files.list(log)) {
      for (Path file : files.filter(f -> !f.endsWith("partition.metadata")).toList()) {
        Files.delete(file);
      }
    }
  }

  SchemaRegistry registry() {
    return registry;
  }

  RegistryConfig registryConfig() {
    return new RegistryConfig(stack.registryUrl(), Map.of());
  }

  Map<String, String> kafka() {
    return Map.of("bootstrap.servers", stack.bootstrapServers());
  }

  /** A name that no other test has. */
  static String name(String start) {
    return start + "-" + NAMES.incrementAndGet();
  }

  MillraceConfig config(StreamConfig... streams) {
    Map<String, StreamConfig> byName = new LinkedHashMap<>();
    for (StreamConfig stream : streams) {
      byName.put(stream.name(), stream);
    }
    return new MillraceConfig(
        kafka(), registryConfig(), Map.of("spark.master", "local[2,4]"), Map.of(), byName);
  }
}
