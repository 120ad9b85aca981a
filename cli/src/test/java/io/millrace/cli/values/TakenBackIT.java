package io.millrace.cli.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.SparkSessions;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.embedded.LocalStack;
import io.millrace.ingest.IngestResult;
import io.millrace.ingest.redrive.Discard;
import io.millrace.lake.deadletter.DeadLetterFilter;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.ResolutionsMovedException;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Resolutions;
import io.millrace.lake.verify.Finding;
import io.millrace.lake.verify.StreamReport;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  void aRunningStreamGoesOnFromTheRestoredLedger() throws Exception {
    SampleStream stream = stream("restored");
    try (RunningStream run = new RunningStream(stream.config())) {
      produce(stream, 100);
      run.await(100, 0);
      long first = version(stream);
      produce(stream, 50);
      run.await(150, 0);

      restore(stream, first);
      produce(stream, 10);

      run.await(160, 0);
      // Nothing new comes: the stream sees it all the same.
      restore(stream, first);
      run.await(160, 0);
      StreamReport report = run.stopAndCompare();
      assertThat(report.rows()).isEqualTo(160);
      assertThat(report.notes())
          .anyMatch(note -> note.startsWith("the table was restored to version " + first + ","));
    }
  }

  @Test
  void aStartTakesTheRestoredLedgerWithItsDeadLetters() throws Exception {
    // Given rows and dead letters before and after the version restored to, of which some of both
    // were discarded
    SampleStream stream = stream("letters");
    MillraceConfig config = stream.config();
    long first;
    try (RunningStream run = new RunningStream(config)) {
      produce(stream, 20);
      stream.produceBroken(3);
      run.await(20, 3);
      discard(config, 0);
      first = version(stream);
      produce(stream, 10);
      stream.produceBroken(4);
      run.await(30, 7);
      discard(config, 4);
      run.stopAndCompare();
    }

    // When
    restore(session(config), stream, first);

    // Then verify says so until a start, which takes again what is missing
    StreamReport between = RunningStream.verify(config);
    assertThat(between.findings()).extracting(Finding::kind).contains(Finding.Kind.TABLE_RESTORED);
    SparkSessions.stop();
    try (RunningStream again = new RunningStream(config)) {
      again.await(30, 7);
      discard(config, 4);
      StreamReport report = again.stopAndCompare();
      assertThat(report.rows()).isEqualTo(30);
      assertThat(report.deadLetters()).isEqualTo(7);
      assertThat(report.discarded()).isEqualTo(2);
    }
  }

  @Test
  void aRestoreToBeforeTheStreamBeginsItAnew() throws Exception {
    SampleStream stream = stream("anew");
    try (RunningStream run = new RunningStream(stream.config())) {
      produce(stream, 30);
      run.await(30, 0);
      run.stopAndCompare();
    }
    try (DeltaTable redriven = DeltaTable.open(stream.table, Map.of()).orElseThrow()) {
      Resolutions before = redriven.resolutions("anew", Ledger.FIRST_GENERATION);
      restore(session(stream.config()), stream, 0);
      SparkSessions.stop();
      try (RunningStream again = new RunningStream(stream.config())) {
        again.await(30, 0);
        assertThat(again.stopAndCompare().rows()).isEqualTo(30);
      }

      // A redrive that was under way has read dead letters that came again.
      Resolutions after = before.restoredAfter(before, "attempt", "redrive");
      assertThatThrownBy(() -> redriven.commit(List.of(), Ledger.FIRST_GENERATION, before, after))
          .isInstanceOf(ResolutionsMovedException.class);
    }
  }

  @Test
  void aRestoreToATimeGoesOnFromTheVersionWithTheSameFiles() throws Exception {
    SampleStream stream = stream("time");
    try (RunningStream run = new RunningStream(stream.config())) {
      produce(stream, 20);
      run.await(20, 0);
      long first = version(stream);
      SparkSession spark = SparkSession.builder().getOrCreate();
      spark.sql("DELETE FROM delta.`%s` WHERE kafka_offset = 0".formatted(stream.table));
      restore(stream, first);
      long meant = version(stream);
      produce(stream, 10);
      run.await(30, 0);
      spark.sql(
          "RESTORE TABLE delta.`%s` TO TIMESTAMP AS OF '%s'"
              .formatted(stream.table, time(stream, meant)));
      produce(stream, 1);

      run.await(31, 0);
      StreamReport report = run.stopAndCompare();
      assertThat(report.rows()).isEqualTo(31);
      assertThat(report.notes())
          .anyMatch(note -> note.startsWith("the table was restored to version " + first + ","));
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

  /** As a session writes it in its own zone. */
  private static String time(SampleStream stream, long version) {
    return SparkSession.builder()
        .getOrCreate()
        .sql("DESCRIBE HISTORY delta.`%s`".formatted(stream.table))
        .filter("version = " + version)
        .selectExpr("date_format(timestamp, 'yyyy-MM-dd HH:mm:ss.SSS')")
        .first()
        .getString(0);
  }

  private static void restore(SampleStream stream, long version) {
    restore(SparkSession.builder().getOrCreate(), stream, version);
  }

  private static void restore(SparkSession spark, SampleStream stream, long version) {
    spark.sql("RESTORE TABLE delta.`%s` TO VERSION AS OF %d".formatted(stream.table, version));
  }

  private static void discard(MillraceConfig config, long offset) {
    DeadLetterFilter one =
        new DeadLetterFilter(
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            List.of(new DeadLetterFilter.Offsets(offset, offset)),
            Set.of(),
            Set.of());
    StreamConfig stream = config.streams().values().iterator().next();
    assertThat(Discard.run(config, stream, one, "known", false, InstantSource.system()))
        .isEqualTo(1);
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
