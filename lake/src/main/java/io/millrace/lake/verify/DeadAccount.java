package io.millrace.lake.verify;

import io.millrace.lake.ledger.Fate;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.ledger.Resolutions;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The dead letters of one partition, by offset. Threads that read data files share it and lock it
 * while they add.
 */
final class DeadAccount {
  static final long NO_HEADERS = ValueHash.list(0);

  final RowAccount rows;

  /** Hashes of what each first dead letter of an offset holds. */
  final WordSums sums = new WordSums();

  /** Those that are rows by now. */
  final OffsetSet redriven = new OffsetSet();

  /** Those that were given up. */
  final OffsetSet discarded = new OffsetSet();

  /** As {@link #redriven} and {@link #discarded}, of those that are looked at apart. */
  final OffsetSet redrivenBefore = new OffsetSet();

  final OffsetSet discardedBefore = new OffsetSet();

  /** Those that say that the stream's SQL had no value for them. */
  final OffsetSet failedInSql = new OffsetSet();

  /** What the table's note says of their numbers. */
  long redrivenClaim;

  long discardedClaim;

  DeadAccount(PartitionEntry claim) {
    rows = new RowAccount(claim.first(), claim.next());
  }

  void add(long offset, long hash) {
    if (rows.add(offset)) {
      sums.add(offset, hash);
    }
  }

  /** Enters what became of them, once all are there. */
  void resolve(int partition, Resolutions resolutions) {
    resolutions.runs(
        partition,
        (first, last, count, fate) -> {
          switch (fate.kind()) {
            case REDRIVEN -> {
              redrivenClaim += count;
              rows.offsets.forEach(first, last + 1, redriven::add);
              before(first, last, redrivenBefore);
            }
            case DISCARDED -> {
              discardedClaim += count;
              rows.offsets.forEach(first, last + 1, discarded::add);
              before(first, last, discardedBefore);
            }
            case STAYED -> {}
          }
        });
  }

  private void before(long first, long last, OffsetSet into) {
    if (rows.before != null) {
      rows.before.offsets.forEach(first, last + 1, into::add);
    }
  }

  /** Those looked at apart that became rows after what is noted here. */
  OffsetSet redrivenAfter(int partition, Resolutions then) {
    OffsetSet already = new OffsetSet();
    then.runs(
        partition,
        (first, last, count, fate) -> {
          if (fate.kind() == Fate.Kind.REDRIVEN) {
            before(first, last, already);
          }
        });
    return redrivenBefore.without(already);
  }

  /**
   * What has to be the same in Kafka and in the table.
   *
   * @param key null where there is none, as {@code value}
   * @param headers by {@link #NO_HEADERS} and {@link #header}
   */
  static long hash(
      int partition, long offset, long timestampMicros, byte[] key, byte[] value, long headers) {
    long row = ValueHash.row(partition, offset);
    return ValueHash.of(row, 0, ValueHash.value(timestampMicros))
        + ValueHash.of(row, 1, hash(key))
        + ValueHash.of(row, 2, hash(value))
        + ValueHash.of(row, 3, headers);
  }

  /** The hash of the headers so far and one more, whose value may be null. */
  static long header(long headers, String key, byte[] value) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    return ValueHash.of(headers, 0, ValueHash.entry(hash(name), hash(value)));
  }

  private static long hash(byte[] bytes) {
    return bytes == null ? ValueHash.NULL : FlatValues.hashBytes(bytes);
  }

  static long micros(long timestampMillis) {
    return TimeUnit.MILLISECONDS.toMicros(timestampMillis);
  }
}
