package io.millrace.ingest.driver;

import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
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
   * @param written the offset after the last one in the log, at least {@code end}
   * @param leader the epoch of the leader that said so; {@link Ledger#UNKNOWN_LEADER} where it did
   *     not say
   */
  record Bounds(long start, long end, long written, int leader) {
    /** Without open transactions, as said by a leader that does not tell its epoch. */
    Bounds(long start, long end) {
      this(start, end, end, PartitionEntry.UNKNOWN_LEADER);
    }
  }

  TopicState {
    partitions = new TreeMap<>(partitions);
  }

  /** The leader epochs that are known, by partition. */
  Map<Integer, Integer> leaders() {
    Map<Integer, Integer> leaders = new TreeMap<>();
    partitions.forEach(
        (partition, bounds) -> {
          if (bounds.leader() != PartitionEntry.UNKNOWN_LEADER) {
            leaders.put(partition, bounds.leader());
          }
        });
    return leaders;
  }

  /** The same, with no partition reaching further than here; later partitions are left out. */
  TopicState atMost(Map<Integer, Bounds> ends) {
    SortedMap<Integer, Bounds> bounded = new TreeMap<>();
    partitions.forEach(
        (partition, bounds) -> {
          Bounds most = ends.get(partition);
          if (most != null) {
            bounded.put(
                partition,
                new Bounds(
                    bounds.start(),
                    Math.min(bounds.end(), most.end()),
                    bounds.written(),
                    bounds.leader()));
          }
        });
    return new TopicState(topicId, bounded);
  }
}
