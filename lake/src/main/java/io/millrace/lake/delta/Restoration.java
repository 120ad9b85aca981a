package io.millrace.lake.delta;

import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Resolutions;

/**
 * A RESTORE that took back what a stream had committed, and that nobody has gone on from yet. Files
 * are those of the version restored to; the ledger, which Delta leaves at its newest, is to become
 * that version's again.
 *
 * @param version of the RESTORE
 * @param to the version that it restored the table to
 * @param ledger to go on from: not a commit of its own, a take-over follows on it
 * @param resolutions what became of dead letters, as the version restored to has it. Committed even
 *     where it is what the table says already: a redrive under way has read dead letters that come
 *     again
 */
public record Restoration(long version, long to, Ledger ledger, Resolutions resolutions) {}
