package io.millrace.source;

import io.millrace.core.column.ColumnBatch;
import io.millrace.core.config.NullValues;
import io.millrace.core.error.MillraceException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one range, a poll a batch of columns. The range has been read when the consumer's position
 * is at its end: compaction and transactions leave gaps, so the last record says nothing.
 */
final class ColumnsReader implements PartitionReader<ColumnarBatch> {
  private static final Logger log = LoggerFactory.getLogger(ColumnsReader.class);
  private static final Duration NO_PROGRESS = Duration.ofSeconds(60);
  private static final Duration BEFORE_LOOKING_FOR_THE_END = Duration.ofSeconds(2);

  private record TaskMetric(String name, long value) implements CustomTaskMetric {}

  private final ReadSpec spec;
  private final OffsetRange range;
  private final TopicPartition partition;
  private final Counters counters;
  private final TaskContext context;
  private TopicReader reader;
  private ColumnarBatch columns;
  private long position;
  private long lastProgress = System.nanoTime();
  private long lastLook = lastProgress;
  private long badRecords;
  private long nullValues;
  private boolean counted;
  private boolean failed;

  ColumnsReader(ReadSpec spec, OffsetRange range, Counters counters, TaskContext context) {
    this.spec = spec;
    this.range = range;
    this.partition = new TopicPartition(spec.topic(), range.partition());
    this.counters = counters;
    this.context = context;
    this.position = range.from();
  }

  @Override
  public boolean next() {
    failed = true;
    boolean found = read();
    failed = false;
    return found;
  }

  private boolean read() {
    if (reader == null) {
      reader = ReaderPool.SHARED.take(spec.kafka(), partition);
      reader.start(spec, partition, position);
    }
    while (position < range.to()) {
      if (context.isInterrupted()) {
        throw new CancellationException("the task was cancelled");
      }
      int rows = take(poll());
      advance(reader.position());
      if (rows > 0) {
        columns = reader.decoder().vectors().show(rows);
        return true;
      }
    }
    if (!counted) {
      counters.add(badRecords, nullValues);
      counted = true;
    }
    return false;
  }

  private List<ConsumerRecord<Void, Integer>> poll() {
    try {
      return reader.poll();
    } catch (OffsetOutOfRangeException e) {
      skipLost(e);
      return List.of();
    } catch (RecordDeserializationException e) {
      if (e.offset() >= range.to()) {
        position = range.to();
        return List.of();
      }
      throw e.getCause() instanceof MillraceException
              || e.getCause() instanceof UncheckedIOException
          ? (RuntimeException) e.getCause()
          : SourceErrors.internal(partition, e.getCause());
    } catch (InterruptException e) {
      throw SourceErrors.interrupted();
    }
  }

  private void skipLost(OffsetOutOfRangeException e) {
    long first = reader.firstOffset();
    // Where the log now ends before the range does, nothing of the range is there.
    long next = first > position ? Math.min(first, range.to()) : range.to();
    lose(
        "partition %d has nothing at offset %d, its first is %d"
            .formatted(partition.partition(), position, first),
        next,
        e);
    reader.seek(next);
  }

  private void lose(String what, long goOnAt, OffsetOutOfRangeException cause) {
    if (spec.failOnDataLoss()) {
      throw SourceErrors.dataLoss(spec.topic(), what, cause);
    }
    log.atWarn()
        .addKeyValue("topic", spec.topic())
        .addKeyValue("from", position)
        .addKeyValue("to", range.to())
        .log("Records are gone before they were read: " + what);
    position = goOnAt;
  }

  /** Returns the rows of the batch that are of this range: they come in order, so its first. */
  private int take(List<ConsumerRecord<Void, Integer>> records) {
    ColumnBatch batch = reader.decoder().batch();
    if (areAllRows(records, batch)) {
      return records.size();
    }
    int rows = 0;
    for (int i = 0; i < records.size(); i++) {
      ConsumerRecord<Void, Integer> record = records.get(i);
      if (record.offset() >= range.to()) {
        break;
      }
      Integer slot = record.value();
      if (slot == null) {
        takeNull(record);
      } else if (slot < 0) {
        takeBad(record, reader.decoder().failure(slot));
      } else {
        batch.setKafka(slot, record.partition(), record.offset(), record.timestamp());
        rows = slot + 1;
      }
    }
    return rows;
  }

  /** Then nothing is to be done for each record, and none of these objects is touched again. */
  private boolean areAllRows(List<ConsumerRecord<Void, Integer>> records, ColumnBatch batch) {
    return !records.isEmpty()
        && batch.rows() == records.size()
        && !batch.hasKafkaColumns()
        && records.get(records.size() - 1).offset() < range.to();
  }

  private void takeNull(ConsumerRecord<?, ?> record) {
    if (spec.nullValues() == NullValues.FAIL) {
      throw SourceErrors.nullValue(record);
    }
    nullValues++;
  }

  private void takeBad(ConsumerRecord<?, ?> record, Exception cause) {
    if (spec.badRecords() == BadRecords.FAIL) {
      throw SourceErrors.badRecord(record, cause);
    }
    badRecords++;
  }

  private void advance(long consumerPosition) {
    long next = Math.min(consumerPosition, range.to());
    long now = System.nanoTime();
    if (next > position) {
      position = next;
      lastProgress = now;
      lastLook = now;
      return;
    }
    if (now - lastProgress > NO_PROGRESS.toNanos()) {
      throw SourceErrors.noProgress(partition, position, NO_PROGRESS);
    }
    if (now - lastLook > BEFORE_LOOKING_FOR_THE_END.toNanos()) {
      lookForTheEnd();
      lastLook = System.nanoTime();
    }
  }

  /**
   * The range was planned up to an offset that there was. Where the topic now ends before, as one
   * that was deleted and created again, nothing more comes. A new leader tells no end that is lower
   * than what consumers have seen (KIP-207).
   */
  private void lookForTheEnd() {
    long end = reader.endOffset();
    if (end <= position) {
      lose(
          "partition %d ends at %d, and the range at %d"
              .formatted(partition.partition(), end, range.to()),
          range.to(),
          null);
    }
  }

  @Override
  public ColumnarBatch get() {
    return columns;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return new CustomTaskMetric[] {
      new TaskMetric(BadRecordsMetric.NAME, badRecords),
      new TaskMetric(NullValuesMetric.NAME, nullValues)
    };
  }

  @Override
  public void close() {
    if (reader == null) {
      return;
    }
    if (failed) {
      reader.close();
    } else {
      ReaderPool.SHARED.give(spec.kafka(), reader);
    }
    reader = null;
  }
}
