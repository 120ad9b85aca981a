package io.millrace.lake.history;

import io.millrace.lake.ledger.Ledger;
import java.util.List;

/**
 * A stream's ledger at one version of its table.
 *
 * @param version of the table
 * @param millis when that version was committed, milliseconds since the epoch
 * @param closed the last ledgers of the topic's generations before, ascending
 */
public record LedgerVersion(long version, long millis, Ledger ledger, List<Ledger> closed) {
  public LedgerVersion {
    closed = List.copyOf(closed);
  }
}
