package io.millrace.lake.ledger;

import io.millrace.lake.DataFile;
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
 * <p>For each partition: {@code next - first = rows + nulls + dead + filtered + empty + lost},
 * always; a ledger that breaks this can't be made.
 *
 * @param stream name of the stream
 * @param source what it is taken from
 * @param writer who takes it
 * @param sequence number of the commit, from 1; the Delta transaction version. 0 where nothing is
 *     committed yet
 * @param attempt random id of the commit attempt: tells whose commit it was after an unknown
 *     outcome
 * @param partitions by partition number
 * @param pending files of dead letters that the table of dead letters may not have yet, by
 *     ascending sequence
 * @param sql name of the file that says by which SQL records become rows now, see {@link
 *     SqlVersion}; null where the stream never had one
 * @param accepted what operators have accepted, in the order in which they did; never forgotten
 * @param restored the last RESTORE of the table that took back what the stream had taken; null
 *     where there was none
 */
public record Ledger(
    String stream,
    Source source,
    Writer writer,
    long sequence,
    String attempt,
    SortedMap<Integer, PartitionEntry> partitions,
    List<PendingFile> pending,
    String sql,
    List<Accepted> accepted,
    Restored restored) {

  /** Of every stream's first topic. */
  public static final int FIRST_GENERATION = 1;

  /**
   * Where the records come from.
   *
   * @param topic name of the topic
   * @param topicId Kafka's id of the topic, base64 as Kafka prints it
   * @param clusterId Kafka's cluster id
   * @param generation which of the topics of that name it is that the table was filled from: 1, and
   *     one more each time that an operator accepted another one, or one whose log was changed
   */
  public record Source(String topic, String topicId, String clusterId, int generation) {
    /** The first topic. */
    public Source(String topic, String topicId, String clusterId) {
      this(topic, topicId, clusterId, FIRST_GENERATION);
    }

    public Source {
      if (generation < FIRST_GENERATION) {
        throw new IllegalArgumentException("A generation is at least 1, not " + generation);
      }
      Objects.requireNonNull(topic, "topic");
      Objects.requireNonNull(topicId, "topicId");
      Objects.requireNonNull(clusterId, "clusterId");
    }
  }

  /**
   * Who writes the stream.
   *
   * @param epoch raised by one at each start of a writer; the first has 1
   * @param owner host, process and start time, for people
   * @param at when the writer made this ledger, by its own clock, milliseconds since the epoch; 0
   *     where it is not known
   */
  public record Writer(long epoch, String owner, long at) {
    public Writer {
      Objects.requireNonNull(owner, "owner");
      if (epoch < 1 || at < 0) {
        throw new IllegalArgumentException(
            "epoch is at least 1 and a time at least 0, not " + epoch + " and " + at);
      }
    }
  }

  /**
   * A ledger that was taken back to what it was, because a RESTORE took back the table's rows.
   *
   * @param version the version that the table was restored to
   * @param sequence of the ledger that took this into account; dead letters of those before it, at
   *     offsets that it has not taken, are no longer the stream's
   */
  public record Restored(long version, long sequence) {
    public Restored {
      if (version < 0 || sequence < 2) {
        throw new IllegalArgumentException(
            "A ledger of sequence %d can't be restored to version %d".formatted(sequence, version));
      }
    }
  }

  public Ledger {
    Objects.requireNonNull(stream, "stream");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(writer, "writer");
    Objects.requireNonNull(attempt, "attempt");
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence is at least 0, not " + sequence);
    }
    partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
    if (!partitions.isEmpty() && partitions.firstKey() < 0) {
      throw new IllegalArgumentException(
          "A partition is numbered from 0, not " + partitions.firstKey());
    }
    pending = List.copyOf(pending);
    accepted = List.copyOf(accepted);
    if (restored != null && restored.sequence > sequence + 1) {
      throw new IllegalArgumentException(
          "A ledger of sequence %d knows nothing of sequence %d"
              .formatted(sequence, restored.sequence));
    }
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
        stream,
        new Source(topic, topicId, clusterId),
        new Writer(1, owner, 0),
        0,
        "",
        new TreeMap<>(),
        List.of(),
        null,
        List.of(),
        null);
  }

  /**
   * The ledger with which a new writer takes the stream over: epoch and sequence one higher, the
   * same offsets. Once it is committed, the writer before can commit nothing any more.
   */
  public Ledger takenOver(String newOwner, String newAttempt) {
    return new Ledger(
        stream,
        source,
        new Writer(writer.epoch + 1, newOwner, writer.at),
        sequence + 1,
        newAttempt,
        partitions,
        pending,
        sql,
        accepted,
        restored);
  }

  /**
   * The ledger with which the stream begins anew in another topic, or in one whose log is not what
   * it was: counts, losses, SQL and RESTOREs of before are those of the generation that ends, whose
   * ledger is kept beside it.
   *
   * @param topicId Kafka's id of the topic to go on in
   * @param clusterId Kafka's cluster id
   * @param first by partition, where it begins
   * @throws IllegalStateException where dead letters are pending, which belong to what ends
   */
  public Ledger nextGeneration(
      String topicId, String clusterId, Map<Integer, Long> first, String newAttempt) {
    if (!pending.isEmpty()) {
      throw new IllegalStateException("Dead letters are pending");
    }
    SortedMap<Integer, PartitionEntry> begun = new TreeMap<>();
    first.forEach((partition, offset) -> begun.put(partition, PartitionEntry.beginning(offset)));
    return new Ledger(
        stream,
        new Source(source.topic, topicId, clusterId, source.generation + 1),
        writer,
        sequence + 1,
        newAttempt,
        begun,
        List.of(),
        null,
        List.of(),
        null);
  }

  /**
   * The ledger to go on from where a RESTORE took back the table's rows: the offsets of then, with
   * a sequence after this one's. Not a commit of its own, {@link #takenOver} follows.
   *
   * @param version that the table was restored to
   * @param then the ledger of that version; empty where the stream had not begun, so that it begins
   *     again where it did
   */
  public Ledger restoredTo(long version, Optional<Ledger> then) {
    SortedMap<Integer, PartitionEntry> begun = new TreeMap<>();
    partitions.forEach(
        (partition, entry) -> begun.put(partition, PartitionEntry.beginning(entry.first())));
    return new Ledger(
        stream,
        source,
        writer,
        sequence,
        attempt,
        then.map(Ledger::partitions).orElse(begun),
        then.map(Ledger::pending).orElse(List.of()),
        then.map(Ledger::sql).orElse(null),
        then.map(Ledger::accepted).orElse(List.of()),
        new Restored(version, sequence + 1));
  }

  /** Whether this very ledger goes back to an earlier one. */
  public boolean isTakenBack() {
    return restored != null && restored.sequence == sequence;
  }

  /**
   * The same state, with what an operator has accepted: a partition's {@code next} goes to the end
   * of a loss. Not a commit of its own, it goes with the one that {@link #takenOver} begins.
   *
   * @throws IllegalArgumentException where a loss does not begin at its partition's {@code next}
   */
  public Ledger accepting(List<Accepted> newly) {
    SortedMap<Integer, PartitionEntry> moved = new TreeMap<>(partitions);
    for (Accepted loss : newly) {
      PartitionEntry entry = moved.getOrDefault(loss.partition(), PartitionEntry.beginning(0));
      if (loss.from() != entry.next()) {
        throw new IllegalArgumentException(
            "Partition %d of %s goes on at offset %d, a loss can't begin at %d"
                .formatted(loss.partition(), topic(), entry.next(), loss.from()));
      }
      moved.put(loss.partition(), entry.without(loss.to()));
    }
    List<Accepted> all = new ArrayList<>(accepted);
    all.addAll(newly);
    return new Ledger(
        stream, source, writer, sequence, attempt, moved, pending, sql, all, restored);
  }

  /**
   * The same state, with the leader epochs under which it is known to hold and the time.
   *
   * @param leaders by partition; others keep theirs
   * @param millis now by the writer's clock; an earlier time than the last one is not taken
   */
  public Ledger seen(Map<Integer, Integer> leaders, long millis) {
    SortedMap<Integer, PartitionEntry> under = new TreeMap<>(partitions);
    leaders.forEach((p, leader) -> under.computeIfPresent(p, (n, entry) -> entry.under(leader)));
    return new Ledger(
        stream,
        source,
        new Writer(writer.epoch, writer.owner, Math.max(writer.at, millis)),
        sequence,
        attempt,
        under,
        pending,
        sql,
        accepted,
        restored);
  }

  /**
   * The same state, with the time unknown: the next writer's clock may be behind the last one's.
   */
  public Ledger withoutTime() {
    return new Ledger(
        stream,
        source,
        new Writer(writer.epoch, writer.owner, 0),
        sequence,
        attempt,
        partitions,
        pending,
        sql,
        accepted,
        restored);
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
   * that was not known begins where its range begins. Under which leader a new position holds is
   * not known before {@link #seen} says so. What was pending stays so: see {@link #settled}.
   *
   * @param deadLetters the files of the batch's dead letters, in the directory of their table
   * @throws IllegalArgumentException where a range does not begin at the partition's {@code next},
   *     or the files hold another number of dead letters than the ranges
   */
  public Ledger advance(List<Taken> taken, String newAttempt, List<DataFile> deadLetters) {
    SortedMap<Integer, PartitionEntry> advanced = new TreeMap<>(partitions);
    for (Taken range : taken) {
      PartitionEntry entry =
          advanced.getOrDefault(range.partition(), PartitionEntry.beginning(range.from()));
      if (range.from() != entry.next()) {
        throw new IllegalArgumentException(
            "Partition %d of %s goes on at offset %d, not at %d"
                .formatted(range.partition(), topic(), entry.next(), range.from()));
      }
      advanced.put(range.partition(), entry.plus(range));
    }
    requireFiles(taken, deadLetters);
    List<PendingFile> nowPending = new ArrayList<>(pending);
    deadLetters.forEach(file -> nowPending.add(PendingFile.of(sequence + 1, file)));
    return new Ledger(
        stream,
        source,
        writer,
        sequence + 1,
        newAttempt,
        advanced,
        nowPending,
        sql,
        accepted,
        restored);
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
    List<PendingFile> left =
        pending.stream().filter(file -> file.sequence() > throughSequence).toList();
    return new Ledger(
        stream, source, writer, sequence, attempt, partitions, left, sql, accepted, restored);
  }

  /**
   * The same state, but for the file that says by which SQL records become rows from here on.
   *
   * @param file its name
   */
  public Ledger by(String file) {
    return new Ledger(
        stream, source, writer, sequence, attempt, partitions, pending, file, accepted, restored);
  }

  /**
   * What keeps this ledger from being the next one after {@code earlier}, in words; empty where
   * nothing does.
   */
  public Optional<String> contradiction(Ledger earlier) {
    return Succession.contradiction(this, earlier);
  }

  /** Name of the topic. */
  public String topic() {
    return source.topic;
  }

  /** Kafka's id of the topic. */
  public String topicId() {
    return source.topicId;
  }

  /** Kafka's cluster id. */
  public String clusterId() {
    return source.clusterId;
  }

  /** Which of the topics of that name, from {@link #FIRST_GENERATION}. */
  public int generation() {
    return source.generation;
  }

  /** The writer's epoch. */
  public long epoch() {
    return writer.epoch;
  }

  /** The writer, for people. */
  public String owner() {
    return writer.owner;
  }

  /** Rows of the table that this stream claims, over all partitions. */
  public long rows() {
    return partitions.values().stream().mapToLong(PartitionEntry::rows).sum();
  }

  /** Dead letters that this stream claims, over all partitions. */
  public long dead() {
    return partitions.values().stream().mapToLong(PartitionEntry::dead).sum();
  }

  /** Records that the stream's SQL filtered out, over all partitions. */
  public long filtered() {
    return partitions.values().stream().mapToLong(PartitionEntry::filtered).sum();
  }

  /** Offsets that were accepted as lost, over all partitions. */
  public long lost() {
    return partitions.values().stream().mapToLong(PartitionEntry::lost).sum();
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
    return LedgerReader.read(json);
  }
}
