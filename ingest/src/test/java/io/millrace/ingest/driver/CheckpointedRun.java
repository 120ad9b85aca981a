package io.millrace.ingest.driver;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.ingest.Acceptance;
import java.nio.file.Path;
import java.time.InstantSource;
import org.apache.spark.sql.SparkSession;

/** Drains a stream under a checkpoint directory that the test chooses. */
public final class CheckpointedRun {
  private CheckpointedRun() {}

  /** Returns the number of batches. */
  public static int drain(MillraceConfig config, StreamConfig stream, Path checkpoint)
      throws InterruptedException {
    SparkSession spark = IngestSession.start(config.spark(), config.hadoop());
    int[] batches = {0};
    StreamRunner runner =
        new StreamRunner(
            config,
            stream,
            true,
            Long.MAX_VALUE,
            "test",
            Acceptance.NOTHING,
            () -> spark,
            batch -> batches[0]++,
            InstantSource.system());
    runner.checkpoint(checkpoint);
    runner.run();
    return batches[0];
  }
}
