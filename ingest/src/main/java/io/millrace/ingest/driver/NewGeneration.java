package io.millrace.ingest.driver;

import io.millrace.ingest.driver.TopicState.Bounds;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides whether a stream that goes on has to begin another generation of its topic, and where: in
 * another topic at the starting offsets, in the same one where its logs and what the table was
 * filled from part. No I/O.
 */
final class NewGeneration {
  private NewGeneration() {}

  /** Whether the topic is another one than the ledger's, whatever its name. */
  static boolean isOtherTopic(Ledger ledger, TopicState topic) {
    return !ledger.topicId().equals(topic.topicId());
  }

  /**
   * Where a generation begins in another topic.
   *
   * @param starting by partition, the offsets that the config asks for
   */
  static SortedMap<Integer, Long> inOtherTopic(Map<Integer, Long> starting) {
    return new TreeMap<>(starting);
  }

  /**
   * Where one begins in the same topic; empty where there is no reason for one. A partition whose
   * log is as it was goes on; one that was cut or ends too early goes on where the logs part; one
   * whose leader epoch fell begins at the start of its log, as nobody can tell which of its records
   * the table has.
   *
   * @param cuts partitions of which Kafka says that an epoch ended before what was taken under it,
   *     with the offset where it did, empty where Kafka does not know
   */
  static Optional<SortedMap<Integer, Long>> inSameTopic(
      Ledger ledger, TopicState topic, Map<Integer, OptionalLong> cuts) {
    SortedMap<Integer, Long> positions = new TreeMap<>();
    boolean needed = false;
    for (Map.Entry<Integer, PartitionEntry> partition : ledger.partitions().entrySet()) {
      Bounds bounds = topic.partitions().get(partition.getKey());
      if (bounds == null) {
        needed = true;
        continue;
      }
      long next = partition.getValue().next();
      long position = position(partition.getValue(), bounds, cuts.get(partition.getKey()));
      needed |= position < next || hasFallen(partition.getValue(), bounds);
      positions.put(partition.getKey(), position);
    }
    return needed ? Optional.of(positions) : Optional.empty();
  }

  private static long position(PartitionEntry entry, Bounds bounds, OptionalLong cut) {
    if (hasFallen(entry, bounds)) {
      return bounds.start();
    }
    long agreed = cut == null ? entry.next() : cut.orElse(bounds.start());
    return Math.min(agreed, Math.min(entry.next(), bounds.written()));
  }

  private static boolean hasFallen(PartitionEntry entry, Bounds bounds) {
    return bounds.leader() != PartitionEntry.UNKNOWN_LEADER && bounds.leader() < entry.leader();
  }
}
