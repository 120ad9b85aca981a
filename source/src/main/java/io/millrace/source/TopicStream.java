package io.millrace.source;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.CompositeReadLimit;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadAllAvailable;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReadMaxRows;
import org.apache.spark.sql.connector.read.streaming.ReadMinRows;
import org.apache.spark.sql.connector.read.streaming.ReportsSourceMetrics;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A read that goes on, with the semantics of Spark's Kafka source. Used by the query's thread. */
final class TopicStream
    implements MicroBatchStream, SupportsTriggerAvailableNow, ReportsSourceMetrics {
  private static final Logger log = LoggerFactory.getLogger(TopicStream.class);

  private final SourceOptions options;
  private final ReadSpec spec;
  private final InitialOffsets initialOffsets;
  private final TopicAdmin admin;
  private final Counters counters;
  private final LongSupplier nanoClock;
  private boolean availableNow;

  /** What there was to read when it was asked last; under AvailableNow, when it was asked first. */
  private SortedMap<Integer, Long> latest;

  /** When {@code minOffsetsPerTrigger} let a batch through last; empty before the first. */
  private Optional<Long> lastBatch = Optional.empty();

  TopicStream(
      SourceOptions options,
      ReadSpec spec,
      String checkpoint,
      SparkContext context,
      LongSupplier nanoClock) {
    if (options.ending().isPresent()) {
      throw SourceErrors.usage(
          "A stream of topic " + options.topic() + " can't have an end",
          "options begin with ending",
          "Remove them, or read a batch",
          null);
    }
    this.options = options;
    this.spec = spec;
    this.initialOffsets = new InitialOffsets(context.hadoopConfiguration(), checkpoint);
    this.counters = Counters.of(context);
    this.nanoClock = nanoClock;
    this.admin = new TopicAdmin(options.topic(), options.kafka());
  }

  @Override
  public Offset initialOffset() {
    Optional<String> written = initialOffsets.read();
    if (written.isPresent()) {
      return deserializeOffset(written.get());
    }
    Bound starting = options.starting().orElse(new Bound.Latest());
    TopicOffsets offsets =
        new TopicOffsets(options.topic(), new BoundOffsets(admin, options).starting(starting));
    initialOffsets.write(offsets.json());
    return offsets;
  }

  @Override
  public Offset deserializeOffset(String json) {
    return TopicOffsets.of(options.topic(), json);
  }

  @Override
  public ReadLimit getDefaultReadLimit() {
    List<ReadLimit> limits = new ArrayList<>();
    options
        .minOffsetsPerTrigger()
        .ifPresent(n -> limits.add(ReadLimit.minRows(n, options.maxTriggerDelay().toMillis())));
    options.maxOffsetsPerTrigger().ifPresent(n -> limits.add(ReadLimit.maxRows(n)));
    return switch (limits.size()) {
      case 0 -> ReadLimit.allAvailable();
      case 1 -> limits.get(0);
      default -> ReadLimit.compositeLimit(limits.toArray(ReadLimit[]::new));
    };
  }

  @Override
  public void prepareForTriggerAvailableNow() {
    availableNow = true;
  }

  @Override
  public Offset latestOffset() {
    throw new UnsupportedOperationException("Spark asks with a start offset");
  }

  @Override
  public Offset latestOffset(Offset start, ReadLimit limit) {
    if (latest == null || !availableNow) {
      latest = admin.latest();
    }
    List<ReadLimit> limits =
        limit instanceof CompositeReadLimit several
            ? Arrays.asList(several.getReadLimits())
            : List.of(limit);
    SortedMap<Integer, Long> until = latest;
    if (limits.stream().noneMatch(ReadAllAvailable.class::isInstance)) {
      SortedMap<Integer, Long> from = withNewPartitions(((TopicOffsets) start).next(), latest);
      for (ReadLimit one : limits) {
        if (one instanceof ReadMinRows least && isTooEarly(least, from)) {
          return start;
        }
        if (one instanceof ReadMaxRows most) {
          until = RateLimit.atMost(most.maxRows(), from, latest);
        }
      }
    }
    return new TopicOffsets(options.topic(), until);
  }

  private boolean isTooEarly(ReadMinRows least, SortedMap<Integer, Long> from) {
    long now = nanoClock.getAsLong();
    long delay = Duration.ofMillis(least.maxTriggerDelayMs()).toNanos();
    boolean waitedEnough = lastBatch.map(last -> now - last >= delay).orElse(true);
    if (!waitedEnough && RateLimit.between(from, latest) < least.minRows()) {
      return true;
    }
    lastBatch = Optional.of(now);
    return false;
  }

  /** Partitions that the topic got since are read from their start. */
  private SortedMap<Integer, Long> withNewPartitions(
      SortedMap<Integer, Long> from, SortedMap<Integer, Long> until) {
    SortedMap<Integer, Long> all = new TreeMap<>(from);
    if (!from.keySet().containsAll(until.keySet())) {
      SortedMap<Integer, Long> earliest = admin.earliest();
      for (int partition : until.keySet()) {
        if (!from.containsKey(partition)) {
          long first = earliest.getOrDefault(partition, 0L);
          if (first > 0) {
            reportLoss("new partition %d starts at %d".formatted(partition, first));
          }
          all.put(partition, first);
        }
      }
    }
    return all;
  }

  @Override
  public Offset reportLatestOffset() {
    return latest == null ? null : new TopicOffsets(options.topic(), latest);
  }

  @Override
  public InputPartition[] planInputPartitions(Offset start, Offset end) {
    SortedMap<Integer, Long> until = ((TopicOffsets) end).next();
    SortedMap<Integer, Long> from = withNewPartitions(((TopicOffsets) start).next(), until);
    List<OffsetRange> ranges = new ArrayList<>();
    from.forEach(
        (partition, offset) -> {
          Long to = until.get(partition);
          if (to == null) {
            reportLoss("partition %d is no longer there".formatted(partition));
          } else if (to < offset) {
            reportLoss("partition %d went back from %d to %d".formatted(partition, offset, to));
          } else {
            ranges.add(new OffsetRange(partition, offset, to));
          }
        });
    return RangeSplitter.split(ranges, options.minPartitions().orElse(0L))
        .toArray(InputPartition[]::new);
  }

  private void reportLoss(String what) {
    if (options.failOnDataLoss()) {
      throw SourceErrors.dataLoss(options.topic(), what, null);
    }
    log.atWarn()
        .addKeyValue("topic", options.topic())
        .log("Records are gone before they were read: " + what);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new ColumnsReaderFactory(spec, counters);
  }

  /** The lag under the names of Spark's Kafka source, and what was left out since the start. */
  @Override
  public Map<String, String> metrics(Optional<Offset> latestConsumed) {
    Map<String, String> metrics = new HashMap<>();
    metrics.put(BadRecordsMetric.NAME, counters.badRecords().value().toString());
    metrics.put(NullValuesMetric.NAME, counters.nullValues().value().toString());
    if (latestConsumed.isPresent() && latest != null && !latest.isEmpty()) {
      SortedMap<Integer, Long> consumed =
          TopicOffsets.of(options.topic(), latestConsumed.get().json()).next();
      LongSummaryStatistics behind =
          latest.entrySet().stream()
              .mapToLong(e -> e.getValue() - consumed.getOrDefault(e.getKey(), 0L))
              .summaryStatistics();
      metrics.put("minOffsetsBehindLatest", Long.toString(behind.getMin()));
      metrics.put("maxOffsetsBehindLatest", Long.toString(behind.getMax()));
      metrics.put("avgOffsetsBehindLatest", Double.toString(behind.getAverage()));
    }
    return metrics;
  }

  @Override
  public void commit(Offset end) {
    // Spark's checkpoint is the position.
  }

  @Override
  public void stop() {
    admin.close();
  }

  @Override
  public String toString() {
    return "millrace " + options.topic();
  }
}
