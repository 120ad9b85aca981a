package io.millrace.lake.ledger;

import java.io.Serializable;

/**
 * What one batch took from one partition: {@code [from, to)} and what was in it. An empty range
 * makes a partition known that has given nothing yet.
 */
public record Taken(
    int partition, long from, long to, long rows, long nulls, long dead, long filtered, long empty)
    implements Serializable {
  public Taken {
    if (partition < 0) {
      throw new IllegalArgumentException("A partition is numbered from 0, not " + partition);
    }
    Account.require("Partition " + partition, from, to, rows, nulls, dead, filtered, empty, 0);
  }

  /** Of a stream that filters nothing. */
  public Taken(int partition, long from, long to, long rows, long nulls, long dead, long empty) {
    this(partition, from, to, rows, nulls, dead, 0, empty);
  }
}
