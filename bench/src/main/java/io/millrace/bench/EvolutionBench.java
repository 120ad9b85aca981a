package io.millrace.bench;

import io.millrace.cli.ChildCommand;
import io.millrace.core.config.ConfigLoader;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.ingest.Acceptance;
import io.millrace.ingest.driver.CommittedBatch;
import io.millrace.ingest.driver.IngestSession;
import io.millrace.ingest.driver.StreamRunner;
import io.millrace.producer.ProduceJob;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.spark.sql.SparkSession;

/**
 * Whether a stream stalls while its records change: a steady rate of records of one schema after
 * the other (fields added, removed, promoted, reordered, renamed; an enum's symbols and a nested
 * record's fields added), some of them broken, through the real ingest with a trigger of a second.
 */
final class EvolutionBench {
  private static final int SCHEMAS = 6;
  private static final Duration CATCH_UP = Duration.ofMinutes(2);
  private static final String SUBJECT = BenchTopic.TOPIC + "-value";

  private final Options options;
  private final Path directory;
  private final Consumer<String> out;
  private final List<CommittedBatch> batches = new ArrayList<>();
  private long taken;
  private long expected = Long.MAX_VALUE;
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

  /**
   * @param rate records a second
   * @param seconds how long each schema is written
   * @param brokenPercent broken records for a hundred good ones
   * @param partitions of the topic
   */
  record Options(int rate, int seconds, double brokenPercent, int partitions, Path directory) {
    Options {
      if (rate < 1 || seconds < 2 || partitions < 1 || brokenPercent < 0 || brokenPercent > 100) {
        throw new MillraceException(
            ExitCode.USAGE,
            "The bench can't be run",
            "rate is %d, seconds %d, partitions %d, broken %s"
                .formatted(rate, seconds, partitions, brokenPercent),
            "At least 1 of each is needed, 2 seconds, and 0 to 100 percent");
      }
    }
  }

  EvolutionBench(Options options, Consumer<String> out) {
    this.options = options;
    this.directory = BenchDirectory.createEmpty(options.directory());
    this.out = out;
  }

  EvolutionBenchReport run() {
    try (BenchTopic topic = new BenchTopic(directory)) {
      return run(topic);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MillraceException(
          ExitCode.INTERRUPTED, "The bench", "its thread was interrupted", "Start it again", e);
    } finally {
      BenchDirectory.delete(directory.resolve("stack"));
    }
  }

  private EvolutionBenchReport run(BenchTopic topic) throws InterruptedException {
    topic.create(options.partitions());
    register(topic, schema(1));
    Path file =
        topic.writeConfig("evolution", directory.resolve("table"), Map.of("triggerInterval", "1s"));
    MillraceConfig config = ConfigLoader.load(file).config();
    SparkSession spark = IngestSession.start(config.spark(), config.hadoop());
    try {
      StreamRunner runner = runner(config, spark);
      CompletableFuture<Void> ingest = CompletableFuture.runAsync(() -> ingest(runner));
      long total = produce(topic);
      long sentUntil = System.currentTimeMillis();
      awaitAll(total, ingest);
      runner.stop();
      ingest.join();
      return EvolutionBenchReport.of(options, batches, sentUntil, verify(file));
    } finally {
      spark.stop();
    }
  }

  private StreamRunner runner(MillraceConfig config, SparkSession spark) {
    StreamConfig stream = config.streams().values().iterator().next();
    return new StreamRunner(
        config,
        stream,
        false,
        Long.MAX_VALUE,
        "bench",
        Acceptance.NOTHING,
        () -> spark,
        this::committed,
        InstantSource.system());
  }

  private static void ingest(StreamRunner runner) {
    try {
      runner.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void committed(CommittedBatch batch) {
    batches.add(batch);
    taken += batch.rows() + batch.deadLetters();
    if (taken >= expected) {
      caughtUp.complete(null);
    }
  }

  /** Sends one schema's records after the other's; returns how many, broken ones included. */
  private long produce(BenchTopic topic) throws InterruptedException {
    long records = (long) options.rate() * options.seconds();
    double broken = options.rate() * options.brokenPercent() / 100;
    Schema first = schema(1);
    try (BrokenRecords noise =
        new BrokenRecords(topic.bootstrapServers(), broken, first, register(topic, first))) {
      for (int version = 1; version <= SCHEMAS; version++) {
        Schema schema = schema(version);
        noise.breakRecordsOf(schema, register(topic, schema));
        out.accept("version %d of the schema, %,d records".formatted(version, records));
        topic.produce(
            ProduceJob.builder(BenchTopic.TOPIC, schema).rate(options.rate()).seed(version),
            records);
      }
      return SCHEMAS * records + noise.stop();
    }
  }

  private void awaitAll(long total, CompletableFuture<Void> ingest) throws InterruptedException {
    synchronized (this) {
      expected = total;
      if (taken >= expected) {
        caughtUp.complete(null);
      }
    }
    try {
      CompletableFuture.anyOf(caughtUp, ingest).get(CATCH_UP.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof MillraceException own ? own : new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new MillraceException(
          ExitCode.UNREACHABLE,
          "The ingest does not catch up",
          "%,d of %,d records are taken after %d s".formatted(taken, total, CATCH_UP.toSeconds()),
          "Take a lower --rate",
          e);
    }
  }

  private boolean verify(Path config) throws InterruptedException {
    out.accept("verifying");
    try (ChildCommand verify =
        ChildCommand.start(
            "verify",
            "2g",
            directory.resolve("verify.log"),
            List.of("verify", "-c", config.toString()))) {
      verify.await();
      return verify.exitCode() == ExitCode.OK.code();
    }
  }

  private static int register(BenchTopic topic, Schema schema) {
    try (SchemaRegistry registry = topic.registry()) {
      return registry.register(SUBJECT, schema);
    }
  }

  private static Schema schema(int version) {
    String name = "/evolution/reading_v%d.avsc".formatted(version);
    try (InputStream in = EvolutionBench.class.getResourceAsStream(name)) {
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
