package io.millrace.ingest;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.ingest.driver.IngestSession;
import io.millrace.ingest.driver.StreamRunner;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Ingest as a process of its own, to be killed. Arguments: bootstrap servers, registry, topic,
 * table, stream, most records a batch, and the number of the batch after whose commit it halts, 0
 * for never: the table then has the batch and Spark's checkpoint has not. An eighth one is the
 * topic for dead letters, which then has not got those of the batch, either.
 */
final class ChildIngest {
  private ChildIngest() {}

  /**
   * Starts one.
   *
   * @param haltAfter number of the batch, 0 for never
   * @param more further arguments
   */
  static Process start(
      TestStack stack,
      TestTopic topic,
      StreamConfig stream,
      long mostRecords,
      int haltAfter,
      String... more)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(a -> a.startsWith("--add-opens") || a.startsWith("-Djdk"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            ChildIngest.class.getName(),
            stack.stack().bootstrapServers(),
            stack.stack().registryUrl(),
            topic.name,
            stream.table(),
            stream.name(),
            Long.toString(mostRecords),
            Integer.toString(haltAfter)));
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File("target", "child-ingest-" + stream.name() + ".log"))
        .start();
  }

  public static void main(String[] args) throws InterruptedException {
    Runs.Stream options =
        new Runs.Stream(args[2], args[3]).named(args[4]).mostRecords(Long.parseLong(args[5]));
    if (args.length > 7) {
      options.deadLetterTopic(args[7]);
    }
    StreamConfig stream = options.config();
    MillraceConfig config =
        new MillraceConfig(
            Map.of("bootstrap.servers", args[0]),
            new RegistryConfig(args[1], Map.of()),
            Map.of("spark.master", "local[2,4]"),
            Map.of(),
            Map.of(stream.name(), stream));
    long haltAfter = Long.parseLong(args[6]);
    long[] batches = {0};
    SparkSession spark = IngestSession.start(config.spark(), config.hadoop());
    new StreamRunner(
            config,
            stream,
            false,
            Long.MAX_VALUE,
            "child",
            Acceptance.NOTHING,
            () -> spark,
            batch -> {
              if (++batches[0] == haltAfter) {
                Runtime.getRuntime().halt(9);
              }
            },
            InstantSource.system())
        .run();
  }
}
