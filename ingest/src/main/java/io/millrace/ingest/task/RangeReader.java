package io.millrace.ingest.task;

import io.millrace.core.column.ColumnBatch;
import io.millrace.core.config.NullValues;
import io.millrace.ingest.plan.Range;
import io.millrace.lake.ledger.Taken;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;

/** Reads the ranges of one task, window by window, into data files. */
final class RangeReader {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration NO_PROGRESS = Duration.ofSeconds(60);

  private final TaskSpec spec;
  private final TaskPlan plan;
  private final MemoryBudget budget;
  private final Reader reader;
  private final KafkaConsumer<Void, Integer> consumer;
  private final RowSink sink;
  private final DeadLetters deadLetters;
  private final BooleanSupplier cancelled;
  private final List<RangeProgress> ranges;

  /** Rows that belong to no range of this task, although a poll brought them. */
  private final boolean[] dropped = new boolean[Slots.MAX_ROWS];

  private int droppedRows;
  private boolean mustFinish;
  private long bytes;
  private long largestValue;

  RangeReader(
      TaskSpec spec,
      TaskPlan plan,
      MemoryBudget budget,
      Reader reader,
      RowSink sink,
      DeadLetters deadLetters,
      BooleanSupplier cancelled) {
    this.spec = spec;
    this.plan = plan;
    this.budget = budget;
    this.reader = reader;
    this.consumer = reader.consumer();
    this.sink = sink;
    this.deadLetters = deadLetters;
    this.cancelled = cancelled;
    this.largestValue = plan.largestValue();
    this.ranges = plan.ranges().stream().map(r -> new RangeProgress(spec.topic(), r)).toList();
  }

  List<Taken> taken() {
    return ranges.stream().map(RangeProgress::taken).toList();
  }

  List<TaskResult.Held> held() {
    return ranges.stream().flatMap(r -> r.held().stream()).toList();
  }

  /** Bytes of the values taken. */
  long bytes() {
    return bytes;
  }

  long largestValue() {
    return largestValue;
  }

  void read() throws IOException {
    int from = 0;
    while (from < ranges.size()) {
      int to = windowEnd(from);
      if (isBudgetUsed() && !ranges.get(from).mustFinish()) {
        return;
      }
      mustFinish = ranges.subList(from, to).stream().anyMatch(RangeProgress::mustFinish);
      clear();
      readWindow(ranges.subList(from, to));
      write();
      from = to;
    }
  }

  /** A window holds no partition twice: two ranges of one partition need two positions. */
  private int windowEnd(int from) {
    int most = budget.window(reader.fetchBytesPerPartition(), largestValue);
    Map<Integer, Range> seen = new HashMap<>();
    int to = from;
    while (to < ranges.size()
        && to - from < most
        && seen.putIfAbsent(plan.ranges().get(to).partition(), plan.ranges().get(to)) == null) {
      to++;
    }
    return to;
  }

  private boolean isBudgetUsed() {
    return bytes >= plan.mostBytes();
  }

  private void readWindow(List<RangeProgress> window) throws IOException {
    Map<TopicPartition, RangeProgress> byPartition = new HashMap<>();
    window.forEach(r -> byPartition.put(r.partition(), r));
    consumer.assign(byPartition.keySet());
    consumer.resume(byPartition.keySet());
    window.forEach(r -> consumer.seek(r.partition(), r.position()));
    List<RangeProgress> active = new ArrayList<>(window);
    long lastProgress = System.nanoTime();
    while (!active.isEmpty()) {
      if (cancelled.getAsBoolean()) {
        throw ReadErrors.cancelled(spec);
      }
      ConsumerRecords<Void, Integer> records = poll();
      for (TopicPartition partition : records.partitions()) {
        take(byPartition.get(partition), records.records(partition));
      }
      boolean moved = !records.isEmpty();
      for (int i = active.size() - 1; i >= 0; i--) {
        RangeProgress range = active.get(i);
        moved |= range.reached(consumer.position(range.partition()));
        if (range.isDone() || (isBudgetUsed() && !range.mustFinish())) {
          consumer.pause(List.of(range.partition()));
          active.remove(i);
        }
      }
      if (isNearlyFull()) {
        write();
      }
      if (moved) {
        lastProgress = System.nanoTime();
      } else if (System.nanoTime() - lastProgress > NO_PROGRESS.toNanos()) {
        throw ReadErrors.noProgress(spec, active, NO_PROGRESS);
      }
    }
  }

  private ConsumerRecords<Void, Integer> poll() throws IOException {
    try {
      return consumer.poll(POLL);
    } catch (RecordDeserializationException e) {
      if (e.getCause() != RowDecoder.FULL) {
        throw ReadErrors.brokenDecoder(spec, e);
      }
      write();
      return ConsumerRecords.empty();
    } catch (OffsetOutOfRangeException e) {
      throw ReadErrors.outOfRange(spec, e);
    }
  }

  private void take(RangeProgress range, List<ConsumerRecord<Void, Integer>> records)
      throws IOException {
    int partition = range.partition().partition();
    ColumnBatch batch = reader.batch();
    int rows = 0;
    for (int i = 0; i < records.size(); i++) {
      ConsumerRecord<Void, Integer> record = records.get(i);
      Integer slot = record.value();
      if (range.isPast(record.offset())) {
        drop(slot);
        continue;
      }
      if (slot == null) {
        takeNull(range, record);
        continue;
      }
      if (slot < 0) {
        if (slot == Slots.FILTERED) {
          range.addFiltered();
          bytes += record.serializedValueSize();
          continue;
        }
        RowDecoder.Failure failure = reader.decoder().failure(slot);
        if (failure.cause() instanceof SchemaNotThereException cause
            && !cause.isFinal(age(record))) {
          range.holdBefore(record.offset(), failure.schema(), cause);
          continue;
        }
        deadLetters.add(record, failure);
        range.addDeadLetter();
        bytes += failure.value().length;
        continue;
      }
      batch.setKafka(slot, partition, record.offset(), record.timestamp());
      int size = record.serializedValueSize();
      bytes += size;
      if (size > largestValue) {
        largestValue = size;
      }
      rows++;
    }
    range.addRows(rows);
  }

  /** Not less than none: a producer's clock may be ahead. */
  private static Duration age(ConsumerRecord<?, ?> record) {
    return Duration.ofMillis(Math.max(0, System.currentTimeMillis() - record.timestamp()));
  }

  private void takeNull(RangeProgress range, ConsumerRecord<Void, Integer> record) {
    if (spec.nullValues() == NullValues.FAIL) {
      throw ReadErrors.nullValue(spec, record);
    }
    range.addNull();
  }

  private void drop(Integer slot) {
    if (slot != null && slot >= 0) {
      dropped[slot] = true;
      droppedRows++;
    }
  }

  private boolean isNearlyFull() {
    ColumnBatch batch = reader.batch();
    return batch.rows() > Slots.MAX_ROWS / 2 || batch.bytes() > budget.columnBytes() / 2;
  }

  private void write() throws IOException {
    ColumnBatch batch = reader.batch();
    int count = batch.rows() - droppedRows;
    if (count > 0) {
      sink.write(batch, keptRows(batch.rows(), count), count);
    }
    if (droppedRows > 0) {
      Arrays.fill(dropped, false);
      droppedRows = 0;
    }
    clear();
  }

  /** A poll must not bring much more than the batch may still take. */
  private void clear() {
    reader.decoder().clear(mustFinish ? Long.MAX_VALUE : Math.max(0, plan.mostBytes() - bytes));
  }

  private int[] keptRows(int rows, int count) {
    if (droppedRows == 0) {
      return null;
    }
    int[] kept = new int[count];
    int k = 0;
    for (int row = 0; row < rows; row++) {
      if (!dropped[row]) {
        kept[k++] = row;
      }
    }
    return kept;
  }
}
