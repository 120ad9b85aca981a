package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** spark-submit with the one jar, in a process that has Spark and nothing of Kafka or Millrace. */
class OneJarIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path directory;

  @Test
  void oneJarIsAllThatSparkNeeds() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given
      topic.sendReadings(0, 100, 2);

      // When
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      // What the build gives this process: Spark's opens.
      command.addAll(
          ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
              .filter(a -> a.startsWith("--add-opens") || a.startsWith("-Xmx"))
              .toList());
      command.addAll(
          List.of(
              "-cp",
              sparkAlone(),
              "org.apache.spark.deploy.SparkSubmit",
              "--master",
              "local[2]",
              "--conf",
              "spark.ui.enabled=false",
              "--conf",
              "spark.driver.host=127.0.0.1",
              "--conf",
              "spark.driver.bindAddress=127.0.0.1",
              "--jars",
              oneJar().toString(),
              "--class",
              SubmittedJob.class.getName(),
              application().toString(),
              stack.stack().bootstrapServers(),
              stack.stack().registryUrl(),
              topic.name));
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      // Then
      assertThat(process.waitFor()).as(output).isZero();
      assertThat(output).contains("batch [100,4950]").contains("stream [100,4950]");
    }
  }

  private static String sparkAlone() {
    return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .filter(path -> path.contains("/repository/"))
        .filter(path -> !path.contains("/org/apache/kafka/") && !path.contains("/io/millrace/"))
        .collect(Collectors.joining(java.io.File.pathSeparator));
  }

  private static Path oneJar() throws IOException {
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(Path.of("target"), "millrace-source-*-spark.jar")) {
      return jars.iterator().next().toAbsolutePath();
    }
  }

  /** A jar with the job alone. */
  private Path application() throws IOException {
    Path jar = directory.resolve("job.jar");
    String name = SubmittedJob.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        InputStream code = SubmittedJob.class.getClassLoader().getResourceAsStream(name)) {
      out.putNextEntry(new JarEntry(name));
      code.transferTo(out);
    }
    return jar;
  }
}
