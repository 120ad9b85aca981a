package io.millrace.cli.schema;

import io.millrace.cli.schema.SampleRanges.Range;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the last records of a topic, by a consumer of no group. */
final class TopicSample {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration NO_PROGRESS = Duration.ofSeconds(30);

  private final String topic;
  private final boolean keys;
  private final Map<String, Object> properties;
  private final LongSupplier nanoClock;

  /**
   * @param client Kafka client properties
   * @param keys whether keys are looked at instead of values
   */
  TopicSample(String topic, boolean keys, Map<String, String> client, LongSupplier nanoClock) {
    this.topic = topic;
    this.keys = keys;
    this.nanoClock = nanoClock;
    properties = new HashMap<>(client);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    // An offset that retention removes while we read is passed over.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "millrace-schema-check");
    properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    if (!properties.containsKey(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG)
        && !properties.containsKey(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG)) {
      // Kafka refuses the first where it is below the second, so both go together.
      properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000");
      properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "10000");
    }
  }

  /**
   * Looks at the last records.
   *
   * @throws MillraceException where the topic does not exist or Kafka stops answering
   * @throws org.apache.kafka.common.KafkaException where Kafka does not answer
   */
  Sample read(long records, RecordJudge judge) {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      Map<Integer, Range> ranges = SampleRanges.last(records, there(consumer));
      Sample.Tally tally = new Sample.Tally(ranges.size());
      read(consumer, ranges, judge, tally);
      return tally.sample();
    }
  }

  private Map<Integer, Range> there(Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    if (partitions == null || partitions.isEmpty()) {
      throw new MillraceException(
          ExitCode.USAGE,
          "Topic " + topic + " can't be sampled",
          "it does not exist",
          "Correct --topic, create the topic, or leave the sample out with --last 0");
    }
    List<TopicPartition> all =
        partitions.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
    Map<TopicPartition, Long> first = consumer.beginningOffsets(all);
    Map<TopicPartition, Long> end = consumer.endOffsets(all);
    Map<Integer, Range> there = new TreeMap<>();
    all.forEach(tp -> there.put(tp.partition(), new Range(first.get(tp), end.get(tp))));
    return there;
  }

  private void read(
      Consumer<byte[], byte[]> consumer,
      Map<Integer, Range> ranges,
      RecordJudge judge,
      Sample.Tally tally) {
    List<TopicPartition> open = new ArrayList<>();
    ranges.keySet().forEach(p -> open.add(new TopicPartition(topic, p)));
    consumer.assign(open);
    open.forEach(tp -> consumer.seek(tp, ranges.get(tp.partition()).from()));
    Map<TopicPartition, Long> positions = new HashMap<>();
    long progress = nanoClock.getAsLong();
    while (!open.isEmpty()) {
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : polled) {
        if (record.offset() < ranges.get(record.partition()).to()) {
          look(record, judge, tally);
        }
      }
      long now = nanoClock.getAsLong();
      for (TopicPartition tp : List.copyOf(open)) {
        // By position: behind compaction and transaction markers no record may follow.
        long position = consumer.position(tp);
        if (!Long.valueOf(position).equals(positions.put(tp, position))) {
          progress = now;
        }
        if (position >= ranges.get(tp.partition()).to()) {
          open.remove(tp);
          consumer.pause(List.of(tp));
        }
      }
      if (now - progress > NO_PROGRESS.toNanos()) {
        throw new MillraceException(
            ExitCode.UNREACHABLE,
            "Topic " + topic + " can't be sampled",
            "for %d s Kafka gave nothing of the partitions %s"
                .formatted(
                    NO_PROGRESS.toSeconds(), open.stream().map(TopicPartition::partition).toList()),
            "Check the brokers, or leave the sample out with --last 0");
      }
    }
  }

  private byte[] header(ConsumerRecord<byte[], byte[]> record) {
    Header header =
        record
            .headers()
            .lastHeader(keys ? WireFormat.KEY_SCHEMA_HEADER : WireFormat.VALUE_SCHEMA_HEADER);
    return header == null ? null : header.value();
  }

  private void look(ConsumerRecord<byte[], byte[]> record, RecordJudge judge, Sample.Tally tally) {
    byte[] bytes = keys ? record.key() : record.value();
    if (bytes == null) {
      tally.addNull();
    } else {
      tally.add(record.partition(), record.offset(), judge.judge(header(record), bytes));
    }
  }
}
