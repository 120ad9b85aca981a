package io.millrace.ingest;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.process.ProcessCpu;
import io.millrace.core.process.StopSignal;
import io.millrace.ingest.driver.DriverMemoryException;
import io.millrace.ingest.driver.IngestSession;
import io.millrace.ingest.driver.StreamRunner;
import io.millrace.ingest.driver.TableNames;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the streams of a config in one process, under one Spark session. */
public final class Ingest {
  private static final Logger log = LoggerFactory.getLogger(Ingest.class);
  private static final Duration CHECK = Duration.ofMillis(100);

  private Ingest() {}

  /**
   * Runs until stopped, drained ({@link IngestOptions#once}), or until every stream has failed. A
   * stream that fails does not take the others with it: they go on, and the failure is in the
   * result, with the exit code that the process should end with. The Spark session stays: one
   * process may run again.
   *
   * @param stop finishes the batch in hand, then ends the run
   * @param failed hears why a stream has ended, at once, on that stream's thread; nothing else
   *     tells it before the result
   * @throws MillraceException {@code USAGE} where the options name an unknown stream or two streams
   *     write into one table
   */
  public static IngestResult run(
      MillraceConfig config,
      IngestOptions options,
      StopSignal stop,
      Consumer<MillraceException> failed,
      InstantSource clock) {
    List<StreamConfig> streams = chosen(config, options);
    TableNames.requireDistinct(streams, config.hadoop());
    if (options.resume()) {
      streams.forEach(stream -> StreamRunner.resume(stream, config.hadoop()));
    }
    CompletableFuture<SparkSession> session =
        CompletableFuture.supplyAsync(() -> IngestSession.start(config.spark(), config.hadoop()));
    FirstCommitCpu cpu = new FirstCommitCpu();
    List<StreamThread> threads = new ArrayList<>();
    for (StreamConfig stream : streams) {
      threads.add(
          StreamThread.start(
              config,
              stream,
              options,
              session::join,
              cpu,
              failure -> {
                failed.accept(failure);
                if (failure instanceof DriverMemoryException) {
                  stop.ask();
                }
              },
              clock));
    }
    try {
      while (threads.stream().anyMatch(StreamThread::isAlive)) {
        if (stop.await(CHECK)) {
          log.atInfo().log("stopping after the batch in hand");
          for (StreamThread thread : threads) {
            thread.stop();
          }
          for (StreamThread thread : threads) {
            thread.join();
          }
        }
      }
    } catch (InterruptedException e) {
      threads.forEach(StreamThread::interrupt);
      Thread.currentThread().interrupt();
      throw new MillraceException(
          ExitCode.INTERRUPTED, "Ingest", "its thread was interrupted", "Start it again", e);
    }
    IngestResult result =
        new IngestResult(
            IngestResult.FORMAT,
            threads.stream().allMatch(StreamThread::isDrained),
            ManagementFactory.getRuntimeMXBean().getStartTime(),
            clock.millis(),
            cpu.nanos(),
            ProcessCpu.nanos(),
            threads.stream().map(StreamThread::result).toList());
    options.report().ifPresent(result::writeTo);
    return result;
  }

  private static List<StreamConfig> chosen(MillraceConfig config, IngestOptions options) {
    TreeSet<String> unknown = new TreeSet<>(options.streams());
    unknown.removeAll(config.streams().keySet());
    if (!unknown.isEmpty() || config.streams().isEmpty()) {
      throw new MillraceException(
          ExitCode.USAGE,
          "There is nothing to ingest",
          unknown.isEmpty() ? "the config has no streams" : "the config has no stream " + unknown,
          config.streams().isEmpty()
              ? "Add a stream, which is a topic and a table, to its section streams"
              : "Name streams of the config, which has " + config.streams().keySet());
    }
    List<StreamConfig> chosen = new ArrayList<>();
    for (StreamConfig stream : config.streams().values()) {
      if (options.streams().isEmpty() || options.streams().contains(stream.name())) {
        chosen.add(stream);
      }
    }
    return chosen;
  }

  /** One stream on a thread of its own. */
  private static final class StreamThread {
    private final StreamTotals totals;
    private final StreamRunner runner;
    private final Consumer<MillraceException> failed;
    private final Thread thread;
    private volatile MillraceException failure;

    private StreamThread(
        StreamConfig stream,
        StreamTotals totals,
        StreamRunner runner,
        Consumer<MillraceException> failed) {
      this.totals = totals;
      this.runner = runner;
      this.failed = failed;
      this.thread = new Thread(this::run, "stream-" + stream.name());
    }

    static StreamThread start(
        MillraceConfig config,
        StreamConfig stream,
        IngestOptions options,
        Supplier<SparkSession> session,
        FirstCommitCpu cpu,
        Consumer<MillraceException> failed,
        InstantSource clock) {
      StreamTotals totals = new StreamTotals(stream);
      StreamRunner runner =
          new StreamRunner(
              config,
              stream,
              options.once(),
              options.firstBatchRecords(),
              owner(clock),
              options.acceptance(),
              session,
              batch -> {
                cpu.committed();
                totals.committed(batch);
              },
              clock);
      StreamThread started = new StreamThread(stream, totals, runner, failed);
      started.thread.start();
      return started;
    }

    private static String owner(InstantSource clock) {
      return ManagementFactory.getRuntimeMXBean().getName() + " " + clock.instant();
    }

    private void run() {
      try {
        runner.run();
      } catch (MillraceException e) {
        failure = e;
        failed.accept(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    boolean isAlive() {
      return thread.isAlive();
    }

    boolean isDrained() {
      return failure == null && runner.isDrained();
    }

    void stop() throws InterruptedException {
      runner.stop();
    }

    void join() throws InterruptedException {
      thread.join();
    }

    void interrupt() {
      thread.interrupt();
    }

    IngestResult.Stream result() {
      return totals.result(runner, failure);
    }
  }
}
