package io.millrace.cli.values;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.process.StopSignal;
import io.millrace.embedded.LocalStack;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestOptions;
import io.millrace.ingest.IngestResult;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delta's own OPTIMIZE rewrites the files of a table while its stream goes on. */
class OptimizeIT {
  private static final String NAME = "optimized";

  @TempDir private Path directory;

  @Test
  void theStreamGoesOnAndEveryRowIsStillProven() throws Exception {
    try (LocalStack stack = LocalStack.start(directory.resolve("stack"))) {
      // Given a running stream that has made two commits of several files
      SampleStream stream = new SampleStream(stack, NAME, directory.resolve("table"));
      StopSignal stop = new StopSignal();
      CompletableFuture<IngestResult> run =
          CompletableFuture.supplyAsync(
              () ->
                  Ingest.run(
                      stream.config(),
                      IngestOptions.continuous(),
                      stop,
                      failure -> {},
                      InstantSource.system()));
      SparkSession spark = null;
      try {
        produce(stream, 0, 300, run, 300);
        produce(stream, 1, 200, run, 500);

        // When
        spark = SparkSession.builder().getOrCreate();
        Row optimized = spark.sql("OPTIMIZE delta.`" + stream.table + "`").first();
        produce(stream, 0, 100, run, 600);

        // Then
        Row metrics = optimized.getStruct(optimized.fieldIndex("metrics"));
        assertThat(metrics.<Long>getAs("numFilesRemoved")).isGreaterThan(1);
        assertThat(metrics.<Long>getAs("numFilesAdded")).isEqualTo(1);
        stop.ask();
        IngestResult result = run.get(1, TimeUnit.MINUTES);
        assertThat(result.firstFailure()).isEmpty();
        assertThat(result.streams().get(0).restarts()).isZero();
        StreamReport report = verify(stream.config(), VerifyOptions.Values.ALWAYS);
        assertThat(report.findings()).isEmpty();
        assertThat(report.notes()).isEmpty();
        assertThat(report.rows()).isEqualTo(600);
        assertThat(report.valuesCompared()).isEqualTo(600);
        assertThat(report.ledgerVersions()).isEqualTo((int) report.version() - 1);
      } finally {
        stop.ask();
        run.handle((result, failure) -> null).join();
        if (spark != null) {
          spark.stop();
        }
      }
    }
  }

  /** Sends and waits until the table has so many rows. */
  private static void produce(
      SampleStream stream,
      int generation,
      int count,
      CompletableFuture<IngestResult> run,
      long rows)
      throws Exception {
    stream.produce(generation, count, (record, sent, timestamp) -> {});
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (verify(stream.config(), VerifyOptions.Values.NEVER).rows() < rows) {
      assertThat(run).isNotDone();
      assertThat(System.nanoTime()).as("waited for " + rows + " rows").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static StreamReport verify(MillraceConfig config, VerifyOptions.Values values) {
    VerifyOptions options = new VerifyOptions(Set.of(), List.of(), values, 2);
    return Verifier.verify(config, options, (stream, phase, done, total) -> {}).streams().get(0);
  }
}
