package io.millrace.cli.values;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.LocalStack;
import io.millrace.lake.verify.StreamReport;
import java.nio.file.Path;
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
      try (RunningStream run = new RunningStream(stream.config())) {
        stream.produce(0, 300, (record, sent, timestamp) -> {});
        run.await(300, 0);
        stream.produce(1, 200, (record, sent, timestamp) -> {});
        run.await(500, 0);

        // When
        SparkSession spark = SparkSession.builder().getOrCreate();
        Row optimized = spark.sql("OPTIMIZE delta.`" + stream.table + "`").first();
        stream.produce(0, 100, (record, sent, timestamp) -> {});
        run.await(600, 0);

        // Then
        Row metrics = optimized.getStruct(optimized.fieldIndex("metrics"));
        assertThat(metrics.<Long>getAs("numFilesRemoved")).isGreaterThan(1);
        assertThat(metrics.<Long>getAs("numFilesAdded")).isEqualTo(1);
        StreamReport report = run.stopAndProve();
        assertThat(report.rows()).isEqualTo(600);
        assertThat(report.ledgerVersions()).isEqualTo((int) report.version() - 1);
      }
    }
  }
}
