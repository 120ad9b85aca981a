package io.millrace.bench;

import io.millrace.core.config.ConfigLoader;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.Acceptance;
import io.millrace.ingest.driver.CommittedBatch;
import io.millrace.ingest.driver.IngestSession;
import io.millrace.ingest.driver.StreamRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Whether a commit costs the same on a young table and on an old one: thousands of small batches
 * through the real ingest into one table, checkpoints and clean-up running, then the time from
 * trigger to commit of an early and of a late hundred. In both, the log is copied after every tenth
 * batch, so that the time to open the table with delta-rs can be compared as well, whatever the
 * distance to the last checkpoint.
 */
final class CommitsBench {
  /** How many batches are compared on each side. */
  static final int WINDOW = 100;

  private static final int COPY_EVERY = 10;

  private static final String LOG = "_delta_log";

  private final Options options;
  private final Path directory;
  private final Path table;
  private final List<Path> earlyLogs = new ArrayList<>();
  private final List<Path> lateLogs = new ArrayList<>();
  private final Consumer<String> out;
  private final List<CommittedBatch> batches = new ArrayList<>();

  /**
   * @param batches how many, at least four windows
   * @param recordsPerBatch of each
   * @param partitions of the topic
   */
  record Options(int batches, int recordsPerBatch, int partitions, Path directory) {
    Options {
      if (batches < 4 * WINDOW || recordsPerBatch < 1 || partitions < 1) {
        throw new MillraceException(
            ExitCode.USAGE,
            "The bench can't be run",
            "batches is %d, records a batch %d, partitions %d"
                .formatted(batches, recordsPerBatch, partitions),
            "At least %d batches and 1 of each other are needed".formatted(4 * WINDOW));
      }
    }

    /** The last batch of the early window: 300 of 3,000. */
    int earlyEnd() {
      return 3 * WINDOW;
    }
  }

  CommitsBench(Options options, Consumer<String> out) {
    this.options = options;
    this.directory = BenchDirectory.createEmpty(options.directory());
    this.table = directory.resolve("table");
    this.out = out;
  }

  CommitsBenchReport run() {
    long records = (long) options.batches() * options.recordsPerBatch();
    try (BenchTopic topic = new BenchTopic(directory)) {
      topic.fill(records, options.partitions());
      out.accept(
          "%,d user events are in a topic with %,d partitions"
              .formatted(records, options.partitions()));
      ingest(topic);
      out.accept("%,d batches are committed".formatted(batches.size()));
      CommitsBenchReport.OpenTimes open =
          DeltaRs.openMillis(directory, List.of(earlyLogs, lateLogs))
              .map(times -> CommitsBenchReport.OpenTimes.of(times.get(0), times.get(1)))
              .orElse(null);
      return CommitsBenchReport.of(options, batches, newestCheckpoint(), oldestCommit(), open);
    } finally {
      BenchDirectory.delete(directory.resolve("stack"));
      earlyLogs.forEach(BenchDirectory::delete);
      lateLogs.forEach(BenchDirectory::delete);
    }
  }

  private void ingest(BenchTopic topic) {
    Path file =
        topic.writeConfig(
            "commits",
            table,
            Map.of(
                "triggerInterval",
                "0ms",
                "maxRecordsPerTrigger",
                options.recordsPerBatch(),
                "tableProperties",
                // So that versions of this run expire while it goes on, in the early window
                // already.
                Map.of("delta.logRetentionDuration", "interval 10 seconds")));
    MillraceConfig config = ConfigLoader.load(file).config();
    StreamConfig stream = config.streams().values().iterator().next();
    SparkSession spark = IngestSession.start(config.spark(), config.hadoop());
    try {
      new StreamRunner(
              config,
              stream,
              true,
              options.recordsPerBatch(),
              "bench",
              Acceptance.NOTHING,
              () -> spark,
              this::committed,
              InstantSource.system())
          .run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MillraceException(
          ExitCode.INTERRUPTED, "The bench", "its thread was interrupted", "Start it again", e);
    } finally {
      spark.stop();
    }
  }

  /** On the stream's thread, between two batches: copying the log delays no measured batch. */
  private void committed(CommittedBatch batch) {
    batches.add(batch);
    int number = batches.size();
    if (number % COPY_EVERY == 0) {
      if (isInWindow(number, options.earlyEnd())) {
        earlyLogs.add(copyLog(number));
      } else if (isInWindow(number, options.batches())) {
        lateLogs.add(copyLog(number));
      }
    }
  }

  private static boolean isInWindow(int number, int end) {
    return number > end - WINDOW && number <= end;
  }

  /** A table without data files: enough to open it. */
  private Path copyLog(int number) {
    Path copy = directory.resolve("after-" + number);
    try (Stream<Path> files = Files.list(table.resolve(LOG))) {
      Path to = Files.createDirectories(copy.resolve(LOG));
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try {
          Files.copy(file, to.resolve(file.getFileName()));
        } catch (NoSuchFileException e) {
          // Clean-up was faster; a reader doesn't find it either.
        }
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long newestCheckpoint() {
    return versions(".checkpoint").max().orElse(-1);
  }

  private long oldestCommit() {
    return versions(".json").min().orElse(-1);
  }

  private LongStream versions(String what) {
    try (Stream<Path> files = Files.list(table.resolve(LOG))) {
      long[] versions =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches("\\d{20}" + what.replace(".", "\\.") + ".*"))
              .mapToLong(name -> Long.parseLong(name.substring(0, 20)))
              .toArray();
      return Arrays.stream(versions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
