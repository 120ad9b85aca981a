package io.millrace.cli.values;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ChildCommand;
import io.millrace.core.fault.CrashFile;
import io.millrace.core.fault.CrashPoint;
import io.millrace.core.fault.CrashPoints;
import io.millrace.embedded.LocalStack;
import io.millrace.embedded.testing.PythonEnvironment;
import io.millrace.lake.verify.StreamReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Delta's own Spark looks after a table while its stream goes on, and files lie about that no
 * commit names.
 */
class MaintenanceIT {
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
  void theStreamGoesOnBesideOptimizeVacuumAndNewColumns() throws Exception {
    // Given a running stream that has made two commits of several files
    SampleStream stream = stream("maintained");
    try (RunningStream run = new RunningStream(stream.config())) {
      stream.produce(0, 300, (record, sent, timestamp) -> {});
      run.await(300, 0);
      stream.produce(1, 200, (record, sent, timestamp) -> {});
      run.await(500, 0);
      SparkSession spark = SparkSession.builder().getOrCreate();

      // When
      Row optimized = spark.sql("OPTIMIZE delta.`" + stream.table + "`").first();
      stream.produce(0, 100, (record, sent, timestamp) -> {});
      run.await(600, 0);
      Set<Path> before = files(stream);
      spark.conf().set("spark.databricks.delta.retentionDurationCheck.enabled", "false");
      spark.sql("VACUUM delta.`" + stream.table + "` RETAIN 0 HOURS");
      Set<Path> after = files(stream);
      stream.produce(1, 50, (record, sent, timestamp) -> {});
      run.await(650, 0);
      spark.sql("ALTER TABLE delta.`%s` ADD COLUMNS (note STRING)".formatted(stream.table));
      stream.produce(0, 25, (record, sent, timestamp) -> {});
      run.await(675, 0);

      // Then
      Row metrics = optimized.getStruct(optimized.fieldIndex("metrics"));
      long merged = metrics.getAs("numFilesRemoved");
      assertThat(merged).isGreaterThan(1);
      assertThat(metrics.<Long>getAs("numFilesAdded")).isEqualTo(1);
      assertThat(data(before)).hasSize(data(after).size() + (int) merged);
      assertThat(ours(before)).isNotEmpty();
      assertThat(after).containsAll(ours(before));
      assertThat(spark.read().format("delta").load(stream.table).filter("note IS NULL").count())
          .isEqualTo(675);
      StreamReport report = run.stopAndProve();
      assertThat(report.rows()).isEqualTo(675);
    }
  }

  @Test
  void filesOfAKilledAttemptAreNeverRead() throws Exception {
    // Given an ingest that is killed with its files written and not committed
    SampleStream stream = stream("orphans");
    stream.produce(0, 300, (record, sent, timestamp) -> {});
    Path crashFile = directory.resolve("crashpoints");
    CrashFile crashes = CrashFile.open(crashFile);
    crashes.arm(CrashPoint.COMMIT_BEFORE, 0);
    try (ChildCommand ingest =
        ChildCommand.start(
            "ingest",
            "512m",
            directory.resolve("orphans.log"),
            List.of("-D" + CrashPoints.PROPERTY + "=" + crashFile),
            List.of("ingest", "-c", configFile(stream).toString()))) {
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (crashes.held().isEmpty()) {
        ingest.requireAlive();
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(20);
      }
      ProcessHandle process = ProcessHandle.of(ingest.pid()).orElseThrow();
      process.destroyForcibly();
      process.onExit().get(1, TimeUnit.MINUTES);
    }
    Set<Path> orphans = data(files(stream));
    assertThat(orphans).isNotEmpty();

    // When
    try (RunningStream run = new RunningStream(stream.config())) {
      run.await(300, 0);

      // Then
      assertThat(run.stopAndProve().rows()).isEqualTo(300);
      Set<Path> live =
          Stream.of(SparkSession.builder().getOrCreate().read().format("delta").load(stream.table))
              .flatMap(table -> Stream.of(table.inputFiles()))
              .map(file -> Path.of(java.net.URI.create(file)))
              .collect(Collectors.toSet());
      assertThat(live).isNotEmpty().doesNotContainAnyElementsOf(orphans);
    }
    assertThat(files(stream)).containsAll(orphans);
    PythonEnvironment.Result counted =
        PythonEnvironment.with("deltalake==1.6.6", "pyarrow==23.0.0")
            .run(Path.of("src", "test", "resources", "drill.py").toAbsolutePath(), stream.table);
    assertThat(counted.exitCode()).as(counted.output()).isZero();
    assertThat(counted.output()).startsWith("300 300 ");
  }

  private static SampleStream stream(String name) {
    return new SampleStream(stack, name, directory.resolve("lake").resolve(name));
  }

  private static Path configFile(SampleStream stream) throws IOException {
    return Files.writeString(
        directory.resolve("orphans.yaml"),
        """
        kafka:
          bootstrap.servers: %s
        registry:
          url: %s
        streams:
          orphans:
            topic: orphans
            table: %s
        """
            .formatted(stack.bootstrapServers(), stack.registryUrl(), stream.table));
  }

  private static Set<Path> files(SampleStream stream) throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(stream.table))) {
      return all.filter(Files::isRegularFile).collect(Collectors.toSet());
    }
  }

  private static Set<Path> data(Set<Path> files) {
    return files.stream()
        .filter(file -> file.toString().endsWith(".parquet") && !file.toString().contains("/_"))
        .collect(Collectors.toSet());
  }

  /** What Millrace keeps beside the data. */
  private static Set<Path> ours(Set<Path> files) {
    return files.stream()
        .filter(file -> file.toString().contains("/_millrace/"))
        .collect(Collectors.toSet());
  }
}
