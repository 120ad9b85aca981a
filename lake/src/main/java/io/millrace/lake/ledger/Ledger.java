package io.millrace.lake.ledger;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one stream has taken from its topic, cumulative since the table's first batch. Immutable.
 *
 * <p>For each partition: {@code next - first = rows + nulls + empty}, always; a ledger that breaks
 * this can't be made.
 *
 * @param stream name of the stream
 * @param topic name of the topic
 * @param topicId Kafka's id of the topic, base64 as Kafka prints it
 * @param clusterId Kafka's cluster id
 * @param epoch raised by one at each start of the stream's writer; the first writer has 1
 * @param owner host, process and start time of the writer, for people
 * @param sequence number of the commit, from 1; the Delta transaction version. 0 where nothing is
 *     committed yet
 * @param attempt random id of the commit attempt: tells whose commit it was after an unknown
 *     outcome
 * @param partitions by partition number
 */
public record Ledger(
    String stream,
    String topic,
    String topicId,
    String clusterId,
    long epoch,
    String owner,
    long sequence,
    String attempt,
    SortedMap<Integer, Entry> partitions) {

  /**
   * One partition's account.
   *
   * @param first the first offset this stream was responsible for
   * @param next the offset after the last one taken
   * @param rows offsets that are rows of the table
   * @param nulls records with a null value, skipped
   * @param empty offsets without a record for readers: transaction markers, aborted records,
   *     compacted ones
   */
  public record Entry(long first, long next, long rows, long nulls, long empty) {
    public Entry {
      requireAccount("A partition's account", first, next, rows, nulls, empty);
    }

    private Entry plus(Taken taken) {
      return new Entry(
          first, taken.to, rows + taken.rows, nulls + taken.nulls, empty + taken.empty);
    }
  }

  /**
   * What one batch took from one partition: {@code [from, to)} and what was in it. An empty range
   * makes a partition known that has given nothing yet.
   */
  public record Taken(int partition, long from, long to, long rows, long nulls, long empty)
      implements Serializable {
    public Taken {
      if (partition < 0) {
        throw new IllegalArgumentException("A partition is numbered from 0, not " + partition);
      }
      requireAccount("Partition " + partition, from, to, rows, nulls, empty);
    }
  }

  public Ledger {
    Objects.requireNonNull(stream, "stream");
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(topicId, "topicId");
    Objects.requireNonNull(clusterId, "clusterId");
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(attempt, "attempt");
    if (epoch < 1 || sequence < 0) {
      throw new IllegalArgumentException(
          "epoch is at least 1 and sequence at least 0, not " + epoch + " and " + sequence);
    }
    partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
    if (!partitions.isEmpty() && partitions.firstKey() < 0) {
      throw new IllegalArgumentException(
          "A partition is numbered from 0, not " + partitions.firstKey());
    }
  }

  /** The ledger of a stream that has committed nothing yet: epoch 1, sequence 0, no partitions. */
  public static Ledger initial(
      String stream, String topic, String topicId, String clusterId, String owner) {
    return new Ledger(stream, topic, topicId, clusterId, 1, owner, 0, "", new TreeMap<>());
  }

  /**
   * The ledger with which a new writer takes the stream over: epoch and sequence one higher, the
   * same offsets. Once it is committed, the writer before can commit nothing any more.
   */
  public Ledger takenOver(String newOwner, String newAttempt) {
    return new Ledger(
        stream,
        topic,
        topicId,
        clusterId,
        epoch + 1,
        newOwner,
        sequence + 1,
        newAttempt,
        partitions);
  }

  /**
   * The ledger after a batch: sequence one higher, a new attempt id, each range added. A partition
   * that was not known begins where its range begins.
   *
   * @throws IllegalArgumentException where a range does not begin at the partition's {@code next}
   */
  public Ledger advance(List<Taken> taken, String newAttempt) {
    SortedMap<Integer, Entry> advanced = new TreeMap<>(partitions);
    for (Taken range : taken) {
      Entry entry =
          advanced.getOrDefault(range.partition, new Entry(range.from, range.from, 0, 0, 0));
      if (range.from != entry.next) {
        throw new IllegalArgumentException(
            "Partition %d of %s goes on at offset %d, not at %d"
                .formatted(range.partition, topic, entry.next, range.from));
      }
      advanced.put(range.partition, entry.plus(range));
    }
    return new Ledger(
        stream, topic, topicId, clusterId, epoch, owner, sequence + 1, newAttempt, advanced);
  }

  /**
   * What keeps this ledger from being the next one after {@code earlier}, in words; empty where
   * nothing does.
   */
  public Optional<String> contradiction(Ledger earlier) {
    if (!stream.equals(earlier.stream) || !topicId.equals(earlier.topicId)) {
      return Optional.of(
          "it is of stream %s and topic id %s, the one before of %s and %s"
              .formatted(stream, topicId, earlier.stream, earlier.topicId));
    }
    if (sequence != earlier.sequence + 1) {
      return Optional.of(
          "its sequence is %d where %d must follow".formatted(sequence, earlier.sequence + 1));
    }
    if (epoch < earlier.epoch) {
      return Optional.of("its epoch fell from %d to %d".formatted(earlier.epoch, epoch));
    }
    for (Map.Entry<Integer, Entry> before : earlier.partitions.entrySet()) {
      Entry was = before.getValue();
      Entry is = partitions.get(before.getKey());
      if (is == null) {
        return Optional.of("partition %d is missing".formatted(before.getKey()));
      }
      if (is.first != was.first
          || is.next < was.next
          || is.rows < was.rows
          || is.nulls < was.nulls
          || is.empty < was.empty) {
        return Optional.of("partition %d went from %s to %s".formatted(before.getKey(), was, is));
      }
    }
    return Optional.empty();
  }

  /** Rows of the table that this stream claims, over all partitions. */
  public long rows() {
    return partitions.values().stream().mapToLong(Entry::rows).sum();
  }

  /** As docs/ledger.md describes it. */
  public String toJson() {
    return LedgerJson.write(this);
  }

  /**
   * @throws io.millrace.core.error.MillraceException {@code PROTECTED} where the text is not a
   *     ledger, contradicts itself or is of a format that this version does not know
   */
  public static Ledger fromJson(String json) {
    return LedgerJson.read(json);
  }

  private static void requireAccount(
      String what, long from, long to, long rows, long nulls, long empty) {
    if (from < 0 || rows < 0 || nulls < 0 || empty < 0) {
      throw new IllegalArgumentException(
          "%s has a negative count: from %d, %d rows, %d null values, %d empty offsets"
              .formatted(what, from, rows, nulls, empty));
    }
    if (to - from != rows + nulls + empty) {
      throw new IllegalArgumentException(
          "%s does not add up: offsets %d to %d are %d, but %d rows, %d null values and %d empty offsets are %d"
              .formatted(what, from, to, to - from, rows, nulls, empty, rows + nulls + empty));
    }
  }
}
