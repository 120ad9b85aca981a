package io.millrace.lake.ledger;

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
 * @param lost offsets that Kafka had no more before they were read, accepted as lost
 * @param leader the leader epoch under which {@code next} was the partition's position: a later one
 *     begins there or behind it, unless Kafka has cut the log; {@link #UNKNOWN_LEADER} where it is
 *     not known
 */
public record PartitionEntry(
    long first,
    long next,
    long rows,
    long nulls,
    long dead,
    long filtered,
    long empty,
    long lost,
    int leader) {
  /** {@link #leader} where it is not known. */
  public static final int UNKNOWN_LEADER = -1;

  public PartitionEntry {
    Account.require("A partition's account", first, next, rows, nulls, dead, filtered, empty, lost);
    if (leader < UNKNOWN_LEADER) {
      throw new IllegalArgumentException("A leader epoch is not " + leader);
    }
  }

  /** Of a stream that filters nothing, lost nothing and knows no leaders. */
  public PartitionEntry(long first, long next, long rows, long nulls, long dead, long empty) {
    this(first, next, rows, nulls, dead, 0, empty, 0, UNKNOWN_LEADER);
  }

  static PartitionEntry beginning(long first) {
    return new PartitionEntry(first, first, 0, 0, 0, 0);
  }

  PartitionEntry plus(Taken taken) {
    return new PartitionEntry(
        first,
        taken.to(),
        rows + taken.rows(),
        nulls + taken.nulls(),
        dead + taken.dead(),
        filtered + taken.filtered(),
        empty + taken.empty(),
        lost,
        taken.from() == taken.to() ? leader : UNKNOWN_LEADER);
  }

  PartitionEntry without(long to) {
    return new PartitionEntry(
        first, to, rows, nulls, dead, filtered, empty, lost + (to - next), UNKNOWN_LEADER);
  }

  PartitionEntry under(int newLeader) {
    return new PartitionEntry(first, next, rows, nulls, dead, filtered, empty, lost, newLeader);
  }
}
