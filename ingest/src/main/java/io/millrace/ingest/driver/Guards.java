package io.millrace.ingest.driver;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.ledger.Accepted;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What must hold of a topic before a stream goes on in it: otherwise records would be lost or
 * doubled without a word. Each guard throws {@code PROTECTED} with all that it found. No I/O.
 */
final class Guards {
  /** Clocks that are set by a time server differ by less. */
  private static final Duration MOST_BEHIND = Duration.ofMinutes(5);

  /** So many partitions are named, the others counted. */
  private static final int NAMED = 5;

  /** What lets an operator go on, whatever became of the topic. */
  private static final String GENERATION =
      " as a new generation (`millrace ingest --accept-new-generation`)";

  private Guards() {}

  /** Offsets {@code [from, to)} of a partition that Kafka has no more and the table has not. */
  record Loss(int partition, long from, long to) {
    long offsets() {
      return to - from;
    }

    private String text() {
      return "partition %d offsets %d-%d (%d)".formatted(partition, from, to - 1, offsets());
    }
  }

  /** The topic that the table was filled from, and all of it still there. */
  static void requireReadable(Ledger ledger, TopicState topic) {
    requireSameTopic(ledger, topic.topicId());
    requireNothingLost(ledger, topic);
    requireNotShorter(ledger, topic);
  }

  static void requireSameTopic(Ledger ledger, String topicId) {
    if (!ledger.topicId().equals(topicId)) {
      throw stop(
          ledger,
          "the topic was deleted and created again: its id is %s, the table was filled from %s"
              .formatted(topicId, ledger.topicId()),
          "Ingest the new topic into a new table or under a new stream name, or into the same table"
              + GENERATION);
    }
  }

  /** A topic of another cluster has another id, too; the cluster is what its user has to know. */
  static void requireSameCluster(Ledger ledger, TopicState topic, String clusterId) {
    if (!ledger.topicId().equals(topic.topicId()) && !ledger.clusterId().equals(clusterId)) {
      throw stop(
          ledger,
          "the brokers are another cluster: its id is %s, the table was filled from %s"
              .formatted(clusterId, ledger.clusterId()),
          "Correct bootstrap.servers; or ingest the other cluster's topic into a new table or under a"
              + " new stream name, or into the same table"
              + GENERATION);
    }
  }

  /**
   * Kafka never takes partitions away; a topic restored from elsewhere may have fewer. Only to be
   * asked at a start: for a moment after partitions were added a broker may not know them.
   */
  static void requireAllPartitions(Ledger ledger, TopicState topic) {
    Set<Integer> missing = new TreeSet<>(ledger.partitions().keySet());
    missing.removeAll(topic.partitions().keySet());
    if (!missing.isEmpty()) {
      throw stop(
          ledger,
          "the topic has no partitions %s, from which the table was filled"
              .formatted(missing.stream().map(String::valueOf).collect(Collectors.joining(", "))),
          "Look whether it is the right topic; ingest it into a new table or under a new stream name,"
              + " or go on in the same table"
              + GENERATION);
    }
  }

  /**
   * The clock of this machine against that of the one that wrote the ledger: times that a stream
   * goes by would run backwards.
   */
  static void requireClock(Ledger ledger, Instant now) {
    if (isBehind(ledger, now)) {
      throw stop(
          ledger,
          "this machine's clock says %s, but %s wrote to the table at %s by its own"
              .formatted(now, ledger.owner(), Instant.ofEpochMilli(ledger.writer().at())),
          "Set the clock that is wrong; `millrace ingest --accept-clock` goes on with this one");
    }
  }

  /** Whether {@link #requireClock} stops a stream that nobody's word lets go on. */
  static boolean isBehind(Ledger ledger, Instant now) {
    return now.isBefore(Instant.ofEpochMilli(ledger.writer().at()).minus(MOST_BEHIND));
  }

  /** Kafka's leader epochs never fall, unless its metadata was put back to an earlier state. */
  static void requireLeadersAscend(Ledger ledger, Map<Integer, Integer> leaders) {
    ledger
        .partitions()
        .forEach(
            (partition, entry) -> {
              int leader = leaders.getOrDefault(partition, entry.leader());
              if (leader < entry.leader()) {
                throw stop(
                    ledger,
                    "partition %d has leader epoch %d, but the table was filled under %d: the cluster's metadata went back to an earlier state"
                        .formatted(partition, leader, entry.leader()),
                    "Restore what Kafka has lost; or ingest into a new table or under a new stream"
                        + " name, or go on in the same table"
                        + GENERATION);
              }
            });
  }

  /** Kafka's answer that an epoch ended before what was taken under it. */
  static MillraceException cut(Ledger ledger, LogTruncationException answer) {
    String cuts =
        answer.offsetOutOfRangePartitions().keySet().stream()
            .sorted(Comparator.comparingInt(TopicPartition::partition))
            .limit(NAMED)
            .map(
                at ->
                    cut(
                        ledger.partitions().get(at.partition()),
                        at.partition(),
                        answer.divergentOffsets().get(at)))
            .collect(Collectors.joining(", "));
    return stop(
        ledger,
        cuts
            + andMore(answer.offsetOutOfRangePartitions().size())
            + ": Kafka has lost records that are in the table, and other records have their"
            + " offsets now",
        "Restore what Kafka has lost; or ingest into a new table or under a new stream name, or go on"
            + " in the same table"
            + GENERATION);
  }

  private static String cut(PartitionEntry entry, int partition, OffsetAndMetadata divergent) {
    String where = divergent == null ? "" : " at offset " + divergent.offset();
    return "the log of partition %d was cut%s, below offset %d up to which the table holds it under leader epoch %d, and grew again"
        .formatted(partition, where, entry.next() - 1, entry.leader());
  }

  /** What retention, or somebody by hand, removed before it was read. */
  static List<Loss> losses(Ledger ledger, TopicState topic) {
    List<Loss> losses = new ArrayList<>();
    topic
        .partitions()
        .forEach(
            (partition, bounds) -> {
              long next = next(ledger, partition);
              if (next < bounds.start()) {
                losses.add(new Loss(partition, next, bounds.start()));
              }
            });
    return losses;
  }

  /**
   * What an operator's word takes of that, as the ledger notes it.
   *
   * @param most how many offsets were accepted; empty where none were
   * @param by who accepted them
   */
  static List<Accepted> accept(
      Ledger ledger, TopicState topic, OptionalLong most, Instant now, String by) {
    List<Loss> losses = losses(ledger, topic);
    if (most.isEmpty() || losses.isEmpty()) {
      return List.of();
    }
    long offsets = offsets(losses);
    if (offsets > most.getAsLong()) {
      throw stop(
          ledger,
          "%s; --accept-loss allows %d".formatted(gone(losses), most.getAsLong()),
          "Accept more to go on without them");
    }
    return losses.stream()
        .map(loss -> new Accepted(loss.partition(), loss.from(), loss.to(), now.toString(), by))
        .toList();
  }

  private static void requireNothingLost(Ledger ledger, TopicState topic) {
    List<Loss> losses = losses(ledger, topic);
    if (!losses.isEmpty()) {
      throw stop(
          ledger,
          gone(losses),
          "Compare the topic's retention with how far the stream was behind; `millrace ingest"
              + " --accept-loss` goes on without them and notes them in the ledger");
    }
  }

  private static void requireNotShorter(Ledger ledger, TopicState topic) {
    Map<Integer, Long> shorter = new TreeMap<>();
    topic
        .partitions()
        .forEach(
            (partition, bounds) -> {
              if (next(ledger, partition) > bounds.written()) {
                shorter.put(partition, bounds.written());
              }
            });
    if (!shorter.isEmpty()) {
      throw stop(
          ledger,
          shorter.entrySet().stream()
                  .limit(NAMED)
                  .map(
                      p ->
                          "partition %d ends at offset %d, but the table holds it up to %d"
                              .formatted(p.getKey(), p.getValue(), next(ledger, p.getKey()) - 1))
                  .collect(Collectors.joining(", "))
              + andMore(shorter.size())
              + ": Kafka has lost records that are in the table, and new ones would get their"
              + " offsets",
          "Restore what Kafka has lost; or start a new table, or go on in the same one"
              + GENERATION);
    }
  }

  private static String gone(List<Loss> losses) {
    return "%d offsets are gone from Kafka before they were ingested: %s%s"
        .formatted(
            offsets(losses),
            losses.stream().limit(NAMED).map(Loss::text).collect(Collectors.joining(", ")),
            andMore(losses.size()));
  }

  private static String andMore(int partitions) {
    return partitions <= NAMED ? "" : " and %d partitions more".formatted(partitions - NAMED);
  }

  private static long offsets(List<Loss> losses) {
    return losses.stream().mapToLong(Loss::offsets).sum();
  }

  /** A partition that the ledger does not know was added later and is all the stream's. */
  private static long next(Ledger ledger, int partition) {
    PartitionEntry entry = ledger.partitions().get(partition);
    return entry == null ? 0 : entry.next();
  }

  private static MillraceException stop(Ledger ledger, String reason, String remedy) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "Stream %s can't go on in topic %s".formatted(ledger.stream(), ledger.topic()),
        reason,
        remedy);
  }
}
