package io.millrace.lake.delta;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;

/** A RESTORE took back what the stream had committed; ingest goes on from where it was then. */
public final class TableRestoredException extends MillraceException {
  private static final long serialVersionUID = 1L;

  TableRestoredException(String path, String stream, long version, long to) {
    super(
        ExitCode.PROTECTED,
        "Stream %s can't go on in the table %s".formatted(stream, path),
        "version %d (RESTORE) took the table back to version %d, and with it rows that the ledger counts"
            .formatted(version, to),
        "Start the stream's ingest, which goes on from the ledger of that version");
  }
}
