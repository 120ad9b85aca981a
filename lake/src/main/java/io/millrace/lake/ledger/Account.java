package io.millrace.lake.ledger;

/** Offsets add up: each is of one class. */
final class Account {
  private Account() {}

  static void require(
      String what,
      long from,
      long to,
      long rows,
      long nulls,
      long dead,
      long filtered,
      long empty,
      long lost) {
    if (from < 0 || rows < 0 || nulls < 0 || dead < 0 || filtered < 0 || empty < 0 || lost < 0) {
      throw new IllegalArgumentException(
          "%s has a negative count: from %d, %d rows, %d null values, %d dead letters, %d filtered, %d empty, %d lost offsets"
              .formatted(what, from, rows, nulls, dead, filtered, empty, lost));
    }
    long sum = rows + nulls + dead + filtered + empty + lost;
    if (to - from != sum) {
      throw new IllegalArgumentException(
          "%s does not add up: offsets %d to %d are %d, but %d rows, %d null values, %d dead letters, %d filtered records, %d empty and %d lost offsets are %d"
              .formatted(what, from, to, to - from, rows, nulls, dead, filtered, empty, lost, sum));
    }
  }
}
