package io.millrace.ingest.driver;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A topic as Kafka shows it at one moment.
 *
 * @param topicId Kafka's id of the topic
 * @param partitions by number
 */
record TopicState(String topicId, SortedMap<Integer, Bounds> partitions) {
  /**
   * What one partition's log holds.
   *
   * @param start the first offset still there
   * @param end the offset after the last one that can be read (the last stable one under {@code
   *     read_committed})
   */
  record Bounds(long start, long end) {}

  TopicState {
    partitions = new TreeMap<>(partitions);
  }

  /** The same, with no partition reaching further than here; later partitions are left out. */
  TopicState atMost(Map<Integer, Bounds> ends) {
    SortedMap<Integer, Bounds> bounded = new TreeMap<>();
    partitions.forEach(
        (partition, bounds) -> {
          Bounds most = ends.get(partition);
          if (most != null) {
            bounded.put(partition, new Bounds(bounds.start(), Math.min(bounds.end(), most.end())));
          }
        });
    return new TopicState(topicId, bounded);
  }
}
