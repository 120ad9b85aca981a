package io.millrace.lake.ledger;

import io.millrace.lake.DataFile;
import java.io.Serializable;
import java.util.ArrayList;
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
 * <p>For each partition: {@code next - first = rows + nulls + dead + filtered + empty}, always; a
 * ledger that breaks this can't be made.
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
 * @param pending files of dead letters that the table of dead letters may not have yet, by
 *     ascending sequence
 * @param sql name of the file that says by which SQL records become rows now, see {@link
 *     SqlVersion}; null where the stream never had one
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
    SortedMap<Integer, Entry> partitions,
    List<PendingFile> pending,
    String sql) {

  /**
   * One partition's account.
   *
   * @param first the first offset this stream was responsible for
   * @param next the offset after the last one taken
   * @param rows offsets that are rows of the table
   * @param nulls records with a null value, skipped
   * @param dead offsets that are dead letters
   * @param filtered records that the stream's SQL filtered out
   * @param empty offsets without a record for readers: transaction markers, aborted records,
   *     compacted ones
   */
  public record Entry(
      long first, long next, long rows, long nulls, long dead, long filtered, long empty) {
    public Entry {
      requireAccount("A partition's account", first, next, rows, nulls, dead, filtered, empty);
    }

    /** Of a stream that filters nothing. */
    public Entry(long first, long next, long rows, long nulls, long dead, long empty) {
      this(first, next, rows, nulls, dead, 0, empty);
    }

    private Entry plus(Taken taken) {
      return new Entry(
          first,
          taken.to,
          rows + taken.rows,
          nulls + taken.nulls,
          dead + taken.dead,
          filtered + taken.filtered,
          empty + taken.empty);
    }
  }

  /**
   * What one batch took from one partition: {@code [from, to)} and what was in it. An empty range
   * makes a partition known that has given nothing yet.
   */
  public record Taken(
      int partition,
      long from,
      long to,
      long rows,
      long nulls,
      long dead,
      long filtered,
      long empty)
      implements Serializable {
    public Taken {
      if (partition < 0) {
        throw new IllegalArgumentException("A partition is numbered from 0, not " + partition);
      }
      requireAccount("Partition " + partition, from, to, rows, nulls, dead, filtered, empty);
    }

    /** Of a stream that filters nothing. */
    public Taken(int partition, long from, long to, long rows, long nulls, long dead, long empty) {
      this(partition, from, to, rows, nulls, dead, 0, empty);
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
    pending = List.copyOf(pending);
    long last = 0;
    for (PendingFile file : pending) {
      if (file.sequence() < last || file.sequence() > sequence) {
        throw new IllegalArgumentException(
            "Pending files come in the order of their commits, up to %d: %s of commit %d does not"
                .formatted(sequence, file.name(), file.sequence()));
      }
      last = file.sequence();
    }
  }

  /** The ledger of a stream that has committed nothing yet: epoch 1, sequence 0, no partitions. */
  public static Ledger initial(
      String stream, String topic, String topicId, String clusterId, String owner) {
    return new Ledger(
        stream, topic, topicId, clusterId, 1, owner, 0, "", new TreeMap<>(), List.of(), null);
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
        partitions,
        pending,
        sql);
  }

  /**
   * The ledger after a batch without dead letters.
   *
   * @see #advance(List, String, List)
   */
  public Ledger advance(List<Taken> taken, String newAttempt) {
    return advance(taken, newAttempt, List.of());
  }

  /**
   * The ledger after a batch: sequence one higher, a new attempt id, each range added. A partition
   * that was not known begins where its range begins. What was pending stays so: see {@link
   * #settled}.
   *
   * @param deadLetters the files of the batch's dead letters, in the directory of their table
   * @throws IllegalArgumentException where a range does not begin at the partition's {@code next},
   *     or the files hold another number of dead letters than the ranges
   */
  public Ledger advance(List<Taken> taken, String newAttempt, List<DataFile> deadLetters) {
    SortedMap<Integer, Entry> advanced = new TreeMap<>(partitions);
    for (Taken range : taken) {
      Entry entry =
          advanced.getOrDefault(range.partition, new Entry(range.from, range.from, 0, 0, 0, 0));
      if (range.from != entry.next) {
        throw new IllegalArgumentException(
            "Partition %d of %s goes on at offset %d, not at %d"
                .formatted(range.partition, topic, entry.next, range.from));
      }
      advanced.put(range.partition, entry.plus(range));
    }
    requireFiles(taken, deadLetters);
    List<PendingFile> nowPending = new ArrayList<>(pending);
    deadLetters.forEach(file -> nowPending.add(PendingFile.of(sequence + 1, file)));
    return new Ledger(
        stream,
        topic,
        topicId,
        clusterId,
        epoch,
        owner,
        sequence + 1,
        newAttempt,
        advanced,
        nowPending,
        sql);
  }

  private static void requireFiles(List<Taken> taken, List<DataFile> deadLetters) {
    long dead = taken.stream().mapToLong(Taken::dead).sum();
    long inFiles = deadLetters.stream().mapToLong(DataFile::rows).sum();
    if (dead != inFiles) {
      throw new IllegalArgumentException(
          "The ranges have %d dead letters, their files %d".formatted(dead, inFiles));
    }
  }

  /**
   * The same state, but for files of dead letters that need not be carried on: the table of dead
   * letters has them. Only to {@link #advance} from, it is no commit of its own.
   *
   * @param throughSequence files of commits up to this one are there
   */
  public Ledger settled(long throughSequence) {
    return new Ledger(
        stream,
        topic,
        topicId,
        clusterId,
        epoch,
        owner,
        sequence,
        attempt,
        partitions,
        pending.stream().filter(file -> file.sequence() > throughSequence).toList(),
        sql);
  }

  /**
   * The same state, but for the file that says by which SQL records become rows from here on.
   *
   * @param file its name
   */
  public Ledger by(String file) {
    return new Ledger(
        stream,
        topic,
        topicId,
        clusterId,
        epoch,
        owner,
        sequence,
        attempt,
        partitions,
        pending,
        file);
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
          || is.dead < was.dead
          || is.filtered < was.filtered
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

  /** Dead letters that this stream claims, over all partitions. */
  public long dead() {
    return partitions.values().stream().mapToLong(Entry::dead).sum();
  }

  /** Records that the stream's SQL filtered out, over all partitions. */
  public long filtered() {
    return partitions.values().stream().mapToLong(Entry::filtered).sum();
  }

  /** Dead letters that the commit of this ledger added. */
  public long ownDeadLetters() {
    return pending.stream()
        .filter(file -> file.sequence() == sequence)
        .mapToLong(PendingFile::rows)
        .sum();
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
      String what,
      long from,
      long to,
      long rows,
      long nulls,
      long dead,
      long filtered,
      long empty) {
    if (from < 0 || rows < 0 || nulls < 0 || dead < 0 || filtered < 0 || empty < 0) {
      throw new IllegalArgumentException(
          "%s has a negative count: from %d, %d rows, %d null values, %d dead letters, %d filtered, %d empty offsets"
              .formatted(what, from, rows, nulls, dead, filtered, empty));
    }
    long sum = rows + nulls + dead + filtered + empty;
    if (to - from != sum) {
      throw new IllegalArgumentException(
          "%s does not add up: offsets %d to %d are %d, but %d rows, %d null values, %d dead letters, %d filtered records and %d empty offsets are %d"
              .formatted(what, from, to, to - from, rows, nulls, dead, filtered, empty, sum));
    }
  }
}
