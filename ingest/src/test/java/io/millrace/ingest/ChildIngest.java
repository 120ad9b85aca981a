package io.millrace.ingest;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.ingest.driver.IngestSession;
import io.millrace.ingest.driver.StreamRunner;
import java.time.InstantSource;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Ingest as a process of its own, to be killed. Arguments: bootstrap servers, registry, topic,
 * table, stream, most records a batch, and the number of the batch after whose commit it halts, 0
 * for never: the table then has the batch and Spark's checkpoint has not.
 */
final class ChildIngest {
  private ChildIngest() {}

  public static void main(String[] args) throws InterruptedException {
    StreamConfig stream =
        new Runs.Stream(args[2], args[3])
            .named(args[4])
            .mostRecords(Long.parseLong(args[5]))
            .config();
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
