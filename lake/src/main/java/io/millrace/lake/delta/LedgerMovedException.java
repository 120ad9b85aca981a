package io.millrace.lake.delta;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.ledger.Ledger;

/** Another writer has committed to the stream meanwhile. Nothing of this commit is in the table. */
public final class LedgerMovedException extends MillraceException {
  private static final long serialVersionUID = 1L;

  LedgerMovedException(String path, Ledger ours, Ledger found) {
    super(
        ExitCode.PROTECTED,
        "Another ingest writes stream %s to %s; this one stops".formatted(ours.stream(), path),
        "its owner is %s, epoch %d, sequence %d; this one is %s, epoch %d, sequence %d"
            .formatted(
                found.owner(),
                found.epoch(),
                found.sequence(),
                ours.owner(),
                ours.epoch(),
                ours.sequence()),
        "Run one ingest a stream; nothing of this batch is in the table");
  }
}
