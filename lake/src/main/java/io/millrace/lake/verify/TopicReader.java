package io.millrace.lake.verify;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads some partitions of a topic from end to end into their accounts. One thread. */
final class TopicReader {
  private static final Duration POLL = Duration.ofMillis(200);

  /** A broker that is up answers a fetch far sooner, even while it starts again. */
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final Map<TopicPartition, TopicAccount> accounts;
  private final TopicValues values;
  private final ProgressMeter meter;
  private final LongSupplier nanoClock;

  /**
   * @param consumer without a group and with {@code auto.offset.reset=none}; closed by its owner
   * @param values decodes values; null where only offsets are looked at
   */
  TopicReader(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      Map<TopicPartition, TopicAccount> accounts,
      TopicValues values,
      ProgressMeter meter,
      LongSupplier nanoClock) {
    this.consumer = consumer;
    this.accounts = accounts;
    this.values = values;
    this.meter = meter;
    this.nanoClock = nanoClock;
  }

  /**
   * Reads until each partition's position has reached its end: markers and compacted offsets are
   * passed by the position only, never by a record.
   *
   * @throws org.apache.kafka.common.KafkaException where Kafka stops answering
   */
  void read() {
    List<TopicPartition> open = new ArrayList<>();
    accounts.forEach(
        (partition, account) -> {
          if (account.from() < account.to) {
            open.add(partition);
          }
        });
    consumer.assign(open);
    open.forEach(partition -> consumer.seek(partition, accounts.get(partition).from()));
    long positions = positions(open);
    long lastProgress = nanoClock.getAsLong();
    while (!open.isEmpty()) {
      try {
        take(consumer.poll(POLL));
      } catch (OffsetOutOfRangeException e) {
        restart(e.partitions());
      }
      long now = positions(open);
      if (now != positions) {
        meter.add(Math.max(0, now - positions));
        positions = now;
        lastProgress = nanoClock.getAsLong();
      } else if (nanoClock.getAsLong() - lastProgress > STALL_NANOS) {
        throw new TimeoutException(
            "no records of %s at offset %d in %d s"
                .formatted(
                    open.get(0),
                    consumer.position(open.get(0)),
                    TimeUnit.NANOSECONDS.toSeconds(STALL_NANOS)));
      }
      if (close(open)) {
        positions = positions(open);
      }
    }
  }

  private void take(ConsumerRecords<ByteBuffer, ByteBuffer> records) {
    for (TopicPartition partition : records.partitions()) {
      TopicAccount account = accounts.get(partition);
      if (values == null && account.wantsOffsetsOnly()) {
        takeOffsets(records.records(partition), account);
        continue;
      }
      for (ConsumerRecord<ByteBuffer, ByteBuffer> record : records.records(partition)) {
        if (record.offset() < account.to) {
          take(record, account);
        }
      }
    }
  }

  /** In runs, since nothing but a record's offset, and whether it has a value, is asked for. */
  private static void takeOffsets(
      List<ConsumerRecord<ByteBuffer, ByteBuffer>> records, TopicAccount account) {
    long from = 0;
    long to = 0;
    for (ConsumerRecord<ByteBuffer, ByteBuffer> record : records) {
      long offset = record.offset();
      if (offset >= account.to) {
        break;
      }
      if (record.value() == null) {
        account.nulls++;
      } else if (offset == to) {
        to++;
      } else {
        account.addValues(from, to);
        from = offset;
        to = offset + 1;
      }
    }
    account.addValues(from, to);
  }

  private void take(ConsumerRecord<ByteBuffer, ByteBuffer> record, TopicAccount account) {
    long offset = record.offset();
    ByteBuffer value = record.value();
    SpanAccount span = account.spanAt(offset);
    if (value == null) {
      account.nulls++;
    } else {
      account.values.add(offset);
    }
    if (span != null) {
      span.add(value);
    }
    if (account.dead.contains(offset)) {
      account.addDead(record);
    }
    if (values != null && value != null) {
      values.add(record, account);
    }
  }

  private void restart(Set<TopicPartition> removed) {
    consumer
        .beginningOffsets(removed)
        .forEach(
            (partition, start) -> {
              accounts.get(partition).restart(start);
              consumer.seek(partition, accounts.get(partition).from());
            });
  }

  private boolean close(List<TopicPartition> open) {
    List<TopicPartition> ended =
        open.stream().filter(p -> consumer.position(p) >= accounts.get(p).to).toList();
    consumer.pause(ended);
    open.removeAll(Set.copyOf(ended));
    return !ended.isEmpty();
  }

  private long positions(List<TopicPartition> open) {
    long sum = 0;
    for (TopicPartition partition : open) {
      sum += consumer.position(partition);
    }
    return sum;
  }
}
