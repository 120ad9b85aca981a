package io.millrace.source;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.connector.read.streaming.Offset;

/** How far a stream has read: for each partition the offset of the next record. */
final class TopicOffsets extends Offset {
  private final String topic;
  private final SortedMap<Integer, Long> next;

  TopicOffsets(String topic, Map<Integer, Long> next) {
    this.topic = topic;
    this.next = Collections.unmodifiableSortedMap(new TreeMap<>(next));
  }

  static TopicOffsets of(String topic, String json) {
    try {
      return new TopicOffsets(topic, PartitionNumbers.parse(json, topic));
    } catch (IllegalArgumentException e) {
      throw SourceErrors.usage(
          "The checkpoint does not fit topic " + topic,
          "its offsets are " + json + ": " + e.getMessage(),
          "Give the query a checkpoint of its own",
          e);
    }
  }

  SortedMap<Integer, Long> next() {
    return next;
  }

  @Override
  public String json() {
    return PartitionNumbers.format(topic, next);
  }
}
