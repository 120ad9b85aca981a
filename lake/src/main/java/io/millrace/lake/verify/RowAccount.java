package io.millrace.lake.verify;

/**
 * The table's rows of one partition, by offset. Threads that read data files share it and lock it
 * while they add.
 */
final class RowAccount {
  /** The ledger's claim {@code [first, next)}; rows elsewhere are foreign. */
  final long first;

  final long next;

  /** Offsets in the claim that have a row. */
  final OffsetSet offsets = new OffsetSet();

  /** Offsets in the claim that had a row until others took it away, as far as the log tells. */
  OffsetSet deleted = new OffsetSet();

  /** Offsets that have more than one row; made when the first such row is met. */
  OffsetSet repeated;

  /** Rows in the claim beyond the first of their offset. */
  long duplicates;

  /** Rows outside the claim. */
  long foreign;

  /** Sums of the values of rows whose offset Kafka delivered. */
  final ValueSums sums = new ValueSums();

  final RangeList foreignOffsets = new RangeList();

  /** Gets the rows below {@link #first} where they are looked at apart; else null. */
  RowAccount before;

  RowAccount(long first, long next) {
    this.first = first;
    this.next = next;
  }

  /** Adds one row; whether it is the first one of an offset in the claim. */
  boolean add(long offset) {
    if (offset < first && before != null) {
      before.add(offset);
      return false;
    }
    if (offset < first || offset >= next) {
      foreign++;
      foreignOffsets.add(offset);
      return false;
    }
    if (offsets.add(offset)) {
      return true;
    }
    duplicates++;
    if (repeated == null) {
      repeated = new OffsetSet();
    }
    repeated.add(offset);
    return false;
  }

  /** Adds so many rows, one of each offset from this one on. */
  void addRun(long from, int rows) {
    if (from >= first && from <= next - rows && offsets.addRun(from, from + rows)) {
      return;
    }
    if (before != null && from <= first - rows) {
      before.addRun(from, rows);
      return;
    }
    for (int i = 0; i < rows; i++) {
      add(from + i);
    }
  }

  /** All rows, duplicates and foreign ones included, but not those of before. */
  long rows() {
    return offsets.size() + duplicates + foreign;
  }
}
