package io.millrace.ingest.driver;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.driver.TopicState.Bounds;
import io.millrace.ingest.plan.Backlog;
import io.millrace.lake.ledger.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where a stream stands in its topic: the ledger beside what Kafka has. */
final class Positions {
  private Positions() {}

  /** Ranges of nothing, which make the starting offsets part of the first ledger. */
  static List<Ledger.Taken> starting(Map<Integer, Long> offsets) {
    return offsets.entrySet().stream()
        .map(e -> new Ledger.Taken(e.getKey(), e.getValue(), e.getValue(), 0, 0, 0, 0))
        .toList();
  }

  /**
   * What waits in each partition. A partition that the ledger does not know was added after the
   * stream began, so everything in it is the stream's: it begins at offset 0 whatever the starting
   * offsets were.
   *
   * @throws MillraceException {@code PROTECTED} where going on would lose or double records
   */
  static List<Backlog> backlog(Ledger ledger, TopicState topic) {
    requireSameTopic(ledger, topic.topicId());
    List<Backlog> backlog = new ArrayList<>();
    topic
        .partitions()
        .forEach(
            (partition, bounds) -> {
              Ledger.Entry entry = ledger.partitions().get(partition);
              long next = entry == null ? 0 : entry.next();
              requireReadable(ledger, partition, next, bounds);
              backlog.add(new Backlog(partition, next, bounds.end()));
            });
    return backlog;
  }

  static void requireSameTopic(Ledger ledger, String topicId) {
    if (!ledger.topicId().equals(topicId)) {
      throw new MillraceException(
          ExitCode.PROTECTED,
          "Stream %s can't go on in topic %s".formatted(ledger.stream(), ledger.topic()),
          "the topic was deleted and created again: its id is %s, the table was filled from %s"
              .formatted(topicId, ledger.topicId()),
          "Ingest the new topic into a new table, or under a new stream name");
    }
  }

  /**
   * Kafka never takes partitions away; a topic restored from elsewhere may have fewer. Only to be
   * asked at a start: for a moment after partitions were added a broker may not know them.
   *
   * @throws MillraceException {@code PROTECTED} where the topic lacks one that the ledger has
   */
  static void requireAllPartitions(Ledger ledger, TopicState topic) {
    Set<Integer> missing = new TreeSet<>(ledger.partitions().keySet());
    missing.removeAll(topic.partitions().keySet());
    if (!missing.isEmpty()) {
      throw new MillraceException(
          ExitCode.PROTECTED,
          "Stream %s can't go on in topic %s".formatted(ledger.stream(), ledger.topic()),
          "the topic has no partitions %s, from which the table was filled"
              .formatted(missing.stream().map(String::valueOf).collect(Collectors.joining(", "))),
          "Look whether it is the right topic; ingest it into a new table, or under a new stream"
              + " name");
    }
  }

  private static void requireReadable(Ledger ledger, int partition, long next, Bounds bounds) {
    if (next < bounds.start()) {
      throw new MillraceException(
          ExitCode.PROTECTED,
          "Stream %s can't go on in topic %s".formatted(ledger.stream(), ledger.topic()),
          "offsets %d to %d of partition %d are gone from Kafka before they were ingested"
              .formatted(next, bounds.start() - 1, partition),
          "Compare the topic's retention with how far the stream was behind; start a new table to"
              + " go on without these records");
    }
    if (next > bounds.end()) {
      throw new MillraceException(
          ExitCode.PROTECTED,
          "Stream %s can't go on in topic %s".formatted(ledger.stream(), ledger.topic()),
          "partition %d ends at offset %d, but the table holds it up to %d: Kafka has lost records"
                  .formatted(partition, bounds.end(), next - 1)
              + " that are in the table, and new ones would get their offsets",
          "Restore the partition, or start a new table");
    }
  }
}
