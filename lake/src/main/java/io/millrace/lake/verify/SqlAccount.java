package io.millrace.lake.verify;

/** What a stream's SQL makes of the records of one partition that Kafka delivered. One thread. */
final class SqlAccount {
  /** Offsets of records that it filters out. */
  final OffsetSet filtered = new OffsetSet();

  /** Offsets of records for which it has no value, so that they can't be rows. */
  final OffsetSet failed = new OffsetSet();

  /** Offsets of records of which nothing can be said. */
  final OffsetSet unknown;

  /** All of these: no row of them is compared by value. */
  final OffsetSet apart;

  /** Offsets of dead letters said to have failed in the SQL, and it makes a row or filters them. */
  final OffsetSet needless = new OffsetSet();

  SqlAccount() {
    unknown = new OffsetSet();
    apart = new OffsetSet();
  }

  private SqlAccount(OffsetSet nothingOf) {
    unknown = nothingOf;
    apart = nothingOf;
  }

  /** Says nothing of any of the offsets. */
  static SqlAccount silent(OffsetSet delivered) {
    return new SqlAccount(delivered);
  }

  void filtered(long offset) {
    filtered.add(offset);
    apart.add(offset);
  }

  void failed(long offset) {
    failed.add(offset);
    apart.add(offset);
  }

  void unknown(long offset) {
    unknown.add(offset);
    apart.add(offset);
  }
}
