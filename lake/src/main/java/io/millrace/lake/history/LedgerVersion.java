package io.millrace.lake.history;

import io.millrace.lake.ledger.Ledger;

/**
 * A stream's ledger at one version of its table.
 *
 * @param version of the table
 * @param millis when that version was committed, milliseconds since the epoch
 */
public record LedgerVersion(long version, long millis, Ledger ledger) {}
