package io.millrace.ingest;

import io.millrace.core.config.Breaker;
import io.millrace.core.config.Compression;
import io.millrace.core.config.FieldRule;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.KeyFormat;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.NullValues;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.config.StartingOffsets;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.process.StopSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Ways to run ingest in tests. */
final class Runs {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private Runs() {}

  static IngestResult drain(StreamConfig... streams) {
    return drain(TestStack.shared().config(streams));
  }

  static IngestResult drain(MillraceConfig config) {
    return Ingest.run(
        config, IngestOptions.drain(), new StopSignal(), failure -> {}, InstantSource.system());
  }

  /** As {@link #drain}, with what the operator accepts. */
  static IngestResult drain(Acceptance acceptance, StreamConfig... streams) {
    return drain(acceptance, InstantSource.system(), streams);
  }

  static IngestResult drain(Acceptance acceptance, InstantSource clock, StreamConfig... streams) {
    return Ingest.run(
        TestStack.shared().config(streams),
        IngestOptions.drain(acceptance),
        new StopSignal(),
        failure -> {},
        clock);
  }

  /** As {@link #drain}, after the streams' breakers are reset. */
  static IngestResult resume(MillraceConfig config) {
    IngestOptions drain = IngestOptions.drain();
    return Ingest.run(
        config,
        new IngestOptions(
            true,
            true,
            drain.streams(),
            drain.firstBatchRecords(),
            drain.acceptance(),
            drain.report()),
        new StopSignal(),
        failure -> {},
        InstantSource.system());
  }

  /** Runs until {@code done}, then stops and returns the result. */
  static IngestResult runUntil(BooleanSupplier done, StreamConfig... streams) {
    return runUntil(done, TestStack.shared().config(streams));
  }

  static IngestResult runUntil(BooleanSupplier done, MillraceConfig config) {
    return runUntil(done, config, InstantSource.system());
  }

  static IngestResult runUntil(BooleanSupplier done, MillraceConfig config, InstantSource clock) {
    StopSignal stop = new StopSignal();
    CompletableFuture<IngestResult> run =
        CompletableFuture.supplyAsync(
            () -> Ingest.run(config, IngestOptions.continuous(), stop, failure -> {}, clock));
    await(() -> run.isDone() || done.getAsBoolean());
    stop.ask();
    return run.join();
  }

  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A stream into a directory, with options to change one by one. */
  static final class Stream {
    private String name = TestStack.name("stream");
    private final String topic;
    private final String table;
    private StartingOffsets starting = new StartingOffsets.Earliest();
    private long mostRecords = 5_000_000;
    private long mostBytes = 1L << 30;
    private long fileBytes = 128L << 20;
    private KafkaColumns columns = KafkaColumns.DEFAULT;
    private NullValues nulls = NullValues.SKIP;
    private Optional<PartitionBy> partitionBy = Optional.empty();
    private Duration unknownAfter = Duration.ZERO;
    private NumberTypes numbers = NumberTypes.WIDE;
    private String sql;
    private List<FieldRule> rules = List.of();
    private Breaker breaker;
    private OptionalLong maxRecordBytes = OptionalLong.empty();
    private Optional<String> deadLetterTopic = Optional.empty();
    private Map<String, String> kafka = Map.of();
    private Optional<String> consumerGroup = Optional.empty();
    private Duration restartFor = Duration.ofMinutes(5);

    Stream(String topic, Object table) {
      this.topic = topic;
      this.table = table.toString();
    }

    Stream named(String value) {
      name = value;
      return this;
    }

    Stream restartFor(Duration value) {
      restartFor = value;
      return this;
    }

    Stream starting(StartingOffsets value) {
      starting = value;
      return this;
    }

    Stream mostRecords(long value) {
      mostRecords = value;
      return this;
    }

    Stream mostBytes(long value) {
      mostBytes = value;
      return this;
    }

    Stream targetFileBytes(long value) {
      fileBytes = value;
      return this;
    }

    Stream withKey(String column) {
      columns =
          new KafkaColumns(
              columns.partition(), columns.offset(), columns.timestamp(), Optional.of(column));
      return this;
    }

    Stream withKey(String column, KeyFormat format) {
      columns =
          new KafkaColumns(
              columns.partition(),
              columns.offset(),
              columns.timestamp(),
              Optional.of(column),
              format,
              columns.headers());
      return this;
    }

    Stream withHeaders(String column) {
      columns =
          new KafkaColumns(
              columns.partition(),
              columns.offset(),
              columns.timestamp(),
              columns.key(),
              columns.keyFormat(),
              Optional.of(column));
      return this;
    }

    Stream failOnNulls() {
      nulls = NullValues.FAIL;
      return this;
    }

    Stream breaker(Breaker value) {
      breaker = value;
      return this;
    }

    Stream maxRecordBytes(long value) {
      maxRecordBytes = OptionalLong.of(value);
      return this;
    }

    Stream deadLetterTopic(String value) {
      deadLetterTopic = Optional.of(value);
      return this;
    }

    Stream consumerGroup(String value) {
      consumerGroup = Optional.of(value);
      return this;
    }

    Stream kafka(Map<String, String> value) {
      kafka = value;
      return this;
    }

    Stream rules(FieldRule... value) {
      rules = List.of(value);
      return this;
    }

    Stream numberTypes(NumberTypes value) {
      numbers = value;
      return this;
    }

    Stream sql(String value) {
      sql = value;
      return this;
    }

    Stream unknownSchemaAfter(Duration value) {
      unknownAfter = value;
      return this;
    }

    Stream partitionBy(String source, PartitionBy.Unit unit, String column) {
      partitionBy = Optional.of(new PartitionBy(source, unit, column));
      return this;
    }

    StreamConfig config() {
      return new StreamConfig(
          name,
          topic,
          table,
          topic + "-value",
          starting,
          Duration.ofMillis(100),
          mostRecords,
          mostBytes,
          fileBytes,
          Compression.ZSTD,
          columns,
          nulls,
          partitionBy,
          Map.of(),
          3,
          restartFor,
          kafka,
          numbers,
          unknownAfter,
          rules,
          Optional.ofNullable(breaker),
          maxRecordBytes,
          deadLetterTopic,
          Optional.ofNullable(sql),
          consumerGroup);
    }
  }
}
