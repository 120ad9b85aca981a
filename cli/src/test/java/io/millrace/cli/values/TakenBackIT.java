package io.millrace.cli.values;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.embedded.LocalStack;
import io.millrace.ingest.IngestResult;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody takes back what a stream has committed, by Delta's own Spark, which keeps our ledger.
 */
class TakenBackIT {
  @TempDir private static Path directory;
  private static LocalStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(directory.resolve("stack"));
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void aRestoreUnderARunningStreamStopsItAndTheNextStart() throws Exception {
    // Given a running stream with two batches of rows
    SampleStream stream = stream("restored");
    MillraceConfig config = stream.config();
    long before;
    try (RunningStream run = new RunningStream(config)) {
      produce(stream, 100);
      run.await(100, 0);
      long first = version(stream);
      produce(stream, 50);
      run.await(150, 0);
      before = version(stream);

      // When
      restore(stream, first);
      produce(stream, 10);

      // Then
      assertStopped(run.ended(), "version " + (before + 1) + " (RESTORE) took the table back to");
      assertThat(rows(stream)).isEqualTo(100);
    }
    try (RunningStream again = new RunningStream(config)) {
      assertStopped(again.ended(), "RESTORE the table to version " + before);
      assertThat(rows(stream)).isEqualTo(100);
    }

    // When it is done as the error says
    SparkSession spark = session(config);
    spark.sql("RESTORE TABLE delta.`%s` TO VERSION AS OF %d".formatted(stream.table, before));
    spark.stop();

    // Then the stream goes on and nothing is missing
    try (RunningStream last = new RunningStream(config)) {
      last.await(160, 0);
      assertThat(last.stopAndCompare().rows()).isEqualTo(160);
    }
  }

  @Test
  void aReplacedTableStopsTheNextStart() throws Exception {
    SampleStream stream = stream("replaced");
    try (RunningStream run = new RunningStream(stream.config())) {
      produce(stream, 20);
      run.await(20, 0);
      SparkSession.builder()
          .getOrCreate()
          .sql(
              "CREATE OR REPLACE TABLE delta.`%s` USING delta AS SELECT * FROM delta.`%1$s` LIMIT 5"
                  .formatted(stream.table));
      produce(stream, 1);

      assertStopped(run.ended(), "CREATE OR REPLACE TABLE AS SELECT");
    }
    try (RunningStream again = new RunningStream(stream.config())) {
      assertStopped(again.ended(), "replaced the table");
      assertThat(rows(stream)).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT OVERWRITE delta.`%s` SELECT * FROM delta.`%<s` LIMIT 5",
        "TRUNCATE TABLE delta.`%s`"
      })
  void anOverwrittenTableStopsTheStream(String statement) throws Exception {
    SampleStream stream = stream(statement.substring(0, 6).toLowerCase(Locale.ROOT));
    try (RunningStream run = new RunningStream(stream.config())) {
      produce(stream, 20);
      run.await(20, 0);
      SparkSession.builder().getOrCreate().sql(statement.formatted(stream.table));
      produce(stream, 1);

      assertStopped(run.ended(), "replaced the table");
      assertThat(rows(stream)).isLessThan(6);
    }
  }

  @Test
  void aRestoreThatTakesNothingBackIsPassedBy() throws Exception {
    SampleStream stream = stream("harmless");
    try (RunningStream run = new RunningStream(stream.config())) {
      produce(stream, 20);
      run.await(20, 0);
      SparkSession spark = SparkSession.builder().getOrCreate();
      long version = version(stream);
      spark.sql("DELETE FROM delta.`%s` WHERE kafka_offset = 0".formatted(stream.table));
      restore(stream, version);
      produce(stream, 5);
      run.await(25, 0);
      assertThat(run.stopAndCompare().rows()).isEqualTo(25);
    }
  }

  private static SampleStream stream(String name) {
    return new SampleStream(stack, name, directory.resolve("lake").resolve(name));
  }

  private static void produce(SampleStream stream, int count) throws Exception {
    stream.produce(0, count, (record, sent, timestamp) -> {});
  }

  private static SparkSession session(MillraceConfig config) {
    SparkSession.Builder builder = SparkSession.builder();
    config.spark().forEach(builder::config);
    return builder.getOrCreate();
  }

  private static long version(SampleStream stream) {
    return SparkSession.builder()
        .getOrCreate()
        .sql("DESCRIBE HISTORY delta.`%s` LIMIT 1".formatted(stream.table))
        .first()
        .getAs("version");
  }

  private static void restore(SampleStream stream, long version) {
    SparkSession.builder()
        .getOrCreate()
        .sql("RESTORE TABLE delta.`%s` TO VERSION AS OF %d".formatted(stream.table, version));
  }

  private static long rows(SampleStream stream) {
    return SparkSession.builder().getOrCreate().read().format("delta").load(stream.table).count();
  }

  private static void assertStopped(IngestResult result, String why) {
    IngestResult.Stream stream = result.firstFailure().orElseThrow();
    assertThat(stream.exitCode()).isEqualTo(ExitCode.PROTECTED.code());
    assertThat(stream.error()).contains("can't go on in the table", why);
  }
}
