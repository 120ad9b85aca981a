package io.millrace.ingest.driver;

import io.millrace.ingest.driver.TopicState.Bounds;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.source.ConsumerProperties;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Finds out whether Kafka has cut a log that the table was filled from and let it grow again, so
 * that the same offsets are other records. Every change of leader has an epoch, and a later one
 * begins at or behind what was read under an earlier one, unless the log was cut in between;
 * brokers know where each epoch ended (Kafka's KIP-101 and KIP-320). They are asked only where a
 * partition has another leader epoch than the ledger says. One thread.
 */
final class LeaderEpochs {
  private final String topic;
  private final Map<String, String> kafka;
  private Map<Integer, Integer> checked = Map.of();

  LeaderEpochs(String topic, Map<String, String> kafka) {
    this.topic = topic;
    this.kafka = kafka;
  }

  /**
   * Compares what the ledger took with the logs of now.
   *
   * @return the epochs under which the ledger's positions hold, to be noted in the next one
   * @throws io.millrace.core.error.MillraceException {@code PROTECTED} where a log was cut, {@code
   *     UNREACHABLE} where Kafka does not answer
   */
  Map<Integer, Integer> check(Ledger ledger, TopicState now) {
    // Another topic's epochs would tell of a log that was cut, or of metadata that went back.
    Guards.requireSameTopic(ledger, now.topicId());
    Map<Integer, Integer> leaders = now.leaders();
    if (!leaders.equals(checked)) {
      SortedMap<Integer, PartitionEntry> moved = moved(ledger, now);
      Guards.requireLeadersAscend(ledger, leaders);
      if (!moved.isEmpty()) {
        ask(moved)
            .ifPresent(
                cut -> {
                  throw Guards.cut(ledger, cut);
                });
      }
      checked = leaders;
    }
    return leaders;
  }

  /**
   * All partitions whose log was cut below what was taken of it.
   *
   * @param now of the ledger's topic
   * @return the offset where each was, empty where Kafka does not know it
   * @throws io.millrace.core.error.MillraceException {@code UNREACHABLE} where Kafka does not
   *     answer
   */
  Map<Integer, OptionalLong> cuts(Ledger ledger, TopicState now) {
    Map<Integer, OptionalLong> cuts = new TreeMap<>();
    SortedMap<Integer, PartitionEntry> left = moved(ledger, now);
    while (!left.isEmpty()) {
      Optional<LogTruncationException> cut = ask(left);
      if (cut.isEmpty()) {
        return cuts;
      }
      // Those that were not answered yet are asked again.
      for (TopicPartition at : cut.get().offsetOutOfRangePartitions().keySet()) {
        OffsetAndMetadata divergent = cut.get().divergentOffsets().get(at);
        cuts.put(
            at.partition(),
            divergent == null ? OptionalLong.empty() : OptionalLong.of(divergent.offset()));
        left.remove(at.partition());
      }
    }
    return cuts;
  }

  /** Partitions of which something was taken under an earlier leader than now's. */
  private static SortedMap<Integer, PartitionEntry> moved(Ledger ledger, TopicState now) {
    SortedMap<Integer, PartitionEntry> moved = new TreeMap<>();
    ledger
        .partitions()
        .forEach(
            (partition, entry) -> {
              Bounds bounds = now.partitions().get(partition);
              if (bounds != null
                  && entry.next() > 0
                  && entry.leader() != PartitionEntry.UNKNOWN_LEADER
                  && bounds.leader() > entry.leader()) {
                moved.put(partition, entry);
              }
            });
    return moved;
  }

  /** A consumer that begins at a position with its epoch asks where that epoch ended. */
  private Optional<LogTruncationException> ask(SortedMap<Integer, PartitionEntry> moved) {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            ConsumerProperties.of(Map.of(), kafka),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(moved.keySet().stream().map(p -> new TopicPartition(topic, p)).toList());
      // A consumer that knows no leaders yet takes a position without asking.
      consumer.endOffsets(consumer.assignment());
      moved.forEach(
          (partition, entry) ->
              consumer.seek(
                  new TopicPartition(topic, partition),
                  new OffsetAndMetadata(entry.next(), Optional.of(entry.leader()), "")));
      for (int partition : moved.keySet()) {
        consumer.position(new TopicPartition(topic, partition));
      }
      return Optional.empty();
    } catch (LogTruncationException e) {
      return Optional.of(e);
    } catch (InterruptException e) {
      throw TopicAdmin.interrupted();
    } catch (KafkaException e) {
      throw TopicAdmin.unanswered(topic, kafka, e);
    }
  }
}
