package io.millrace.ingest.driver;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.process.StopSignal;
import io.millrace.ingest.Acceptance;
import io.millrace.ingest.plan.Limits;
import io.millrace.ingest.task.ReaderPool;
import io.millrace.ingest.task.TaskMemoryException;
import io.millrace.ingest.task.TaskSpec;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.TableRestoredException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one stream to its end: opens it, runs its query, and starts again after a failure that
 * another attempt may cure, as {@link Restarts} decides.
 */
public final class StreamRunner {
  private static final Logger log = LoggerFactory.getLogger(StreamRunner.class);

  private final MillraceConfig config;
  private final StreamConfig stream;
  private final boolean once;
  private final long firstBatchRecords;
  private final String owner;
  private final Acceptance acceptance;
  private final Supplier<SparkSession> spark;
  private final BatchObserver observer;
  private final InstantSource clock;
  private final StopSignal stop = new StopSignal();
  private final Restarts restarts;
  private final BrokerWatch broker;
  private final Announcer announcer;
  private Limits limits;

  private StreamQuery running;
  private boolean drained;
  private String table;

  private final OwnTakeOvers own = new OwnTakeOvers();
  private Optional<Path> checkpoint = Optional.empty();

  /**
   * @param owner host, process and start time, for the ledger
   * @param acceptance what the operator accepts at the first opening
   * @param spark waits for the session where it is still starting
   */
  public StreamRunner(
      MillraceConfig config,
      StreamConfig stream,
      boolean once,
      long firstBatchRecords,
      String owner,
      Acceptance acceptance,
      Supplier<SparkSession> spark,
      BatchObserver observer,
      InstantSource clock) {
    this.config = config;
    this.stream = stream;
    this.once = once;
    this.firstBatchRecords = firstBatchRecords;
    this.owner = owner;
    this.acceptance = acceptance;
    this.spark = spark;
    this.observer = observer;
    this.clock = clock;
    this.restarts = new Restarts(stream, System::nanoTime);
    this.broker = new BrokerWatch(config, stream);
    this.announcer = new Announcer(stream.name(), LakeConfiguration.of(config.hadoop()), clock);
    this.limits = new Limits(stream.maxRecordsPerTrigger(), stream.maxBytesPerTrigger(), 1);
    this.table = stream.table();
  }

  /**
   * Runs on the calling thread until stopped or drained.
   *
   * @throws MillraceException the failure that ended the stream
   */
  public void run() throws InterruptedException {
    try {
      untilItEnds();
      announcer.stopped(null);
    } catch (MillraceException e) {
      announcer.stopped(e);
      throw e;
    } catch (Error e) {
      MillraceException failure = Failures.of(stream.name(), e);
      announcer.stopped(failure);
      throw failure;
    } finally {
      announcer.close();
      ReaderPool.shared().closeIdle(stream.name());
    }
  }

  private void untilItEnds() throws InterruptedException {
    boolean opened = false;
    while (!stop.isAsked()) {
      try (StreamDriver driver = open()) {
        opened = true;
        if (!stop.isAsked()) {
          runQuery(driver);
        }
        return;
      } catch (Exception e) {
        if (Failures.isInterruption(e)) {
          throw new InterruptedException("stream " + stream.name());
        }
        MillraceException failure = Failures.of(stream.name(), e);
        if (failure instanceof TableRestoredException) {
          log.atInfo()
              .addKeyValue("stream", stream.name())
              .addKeyValue("cause", failure.reason())
              .log("opening the stream again");
          continue;
        }
        Optional<Duration> wait = opened ? restarts.after(failure) : Optional.empty();
        backOff(failure, wait.orElseThrow(() -> failure));
      }
    }
  }

  private StreamDriver open() {
    Acceptance now = own.any() ? Acceptance.NOTHING : acceptance;
    StreamOpening.Opened opened = new StreamOpening(config, stream, owner, own, now, clock).open();
    table = opened.table().path();
    SparkSession session = spark.get();
    int parallelism = session.sparkContext().defaultParallelism();
    TaskSpec spec =
        TaskSpec.of(
                stream,
                opened.topicId(),
                config.kafkaFor(stream),
                config.registry(),
                config.hadoop(),
                table,
                opened.table().layout(stream.columns()),
                IngestSession.tasksAtOnce(session),
                opened.sql())
            .inGeneration(opened.ledger().generation());
    log.atInfo()
        .addKeyValue("stream", stream.name())
        .addKeyValue("topic", stream.topic())
        .addKeyValue("table", table)
        .addKeyValue("epoch", opened.ledger().epoch())
        .log("stream opened");
    announcer.opened(table);
    announcer.running(restarts.failures(), List.of());
    return new StreamDriver(
        spec,
        stream,
        limits.overTasks(parallelism),
        firstBatchRecords,
        opened,
        batch -> {
          restarts.progressed();
          observer.committed(batch);
        },
        waiting -> announcer.running(restarts.failures(), waiting),
        clock);
  }

  private void runQuery(StreamDriver driver) throws Exception {
    try (StreamQuery query =
        StreamQuery.start(spark.get(), driver, once, stream.triggerInterval(), checkpoint)) {
      synchronized (this) {
        running = query;
      }
      if (stop.isAsked()) {
        query.stop();
      }
      query.await();
      drained = driver.isDrained();
    } finally {
      synchronized (this) {
        running = null;
      }
    }
  }

  private void backOff(MillraceException failure, Duration wait) throws InterruptedException {
    if (failure instanceof TaskMemoryException) {
      limits = limits.halved();
      log.atWarn()
          .addKeyValue("stream", stream.name())
          .addKeyValue("maxRecordsPerTrigger", limits.records())
          .addKeyValue("maxBytesPerTrigger", limits.bytes())
          .log("batches are half as large from here on");
    }
    log.atWarn()
        .addKeyValue("stream", stream.name())
        .addKeyValue("failures", restarts.failures())
        .addKeyValue("seconds", wait.toSeconds())
        .addKeyValue("cause", failure.getMessage())
        .log("stream failed, starting it again");
    announcer.failing(restarts.failures(), failure);
    if (failure.exitCode() == ExitCode.UNREACHABLE) {
      broker.await(wait, stop);
    } else {
      stop.await(wait);
    }
  }

  /** Lets Spark begin with a checkpoint directory, which is kept; for tests. */
  void checkpoint(Path directory) {
    checkpoint = Optional.of(directory);
  }

  /** Lets the stream run again whose breaker has tripped. */
  public static void resume(StreamConfig stream, Map<String, String> hadoop) {
    new BreakerFile(LakeConfiguration.of(hadoop), stream.table(), stream.name()).reset();
  }

  /** Ends the stream after the batch in hand; from any thread. */
  public void stop() throws InterruptedException {
    stop.ask();
    StreamQuery query;
    synchronized (this) {
      query = running;
    }
    if (query != null) {
      try {
        query.stop();
      } catch (java.util.concurrent.TimeoutException e) {
        log.atWarn().addKeyValue("stream", stream.name()).setCause(e).log("query did not stop");
      }
    }
  }

  /** How often the stream was started again. */
  public int restarts() {
    return restarts.total();
  }

  /** Whether what was there at the start is committed; only with {@code once}. */
  public boolean isDrained() {
    return drained;
  }

  /** The table's absolute path, or the config's where it was not opened. */
  public String table() {
    return table;
  }
}
