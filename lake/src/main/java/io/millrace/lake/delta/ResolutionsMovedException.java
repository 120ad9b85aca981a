package io.millrace.lake.delta;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.ledger.Resolutions;

/**
 * Another redrive or discard of the stream was committed meanwhile. Nothing of this one is in the
 * table, so it may begin anew.
 */
public final class ResolutionsMovedException extends MillraceException {
  private static final long serialVersionUID = 1L;

  ResolutionsMovedException(Resolutions found) {
    super(
        ExitCode.PROTECTED,
        "Another redrive or discard of stream %s was faster; this one stops"
            .formatted(found.stream()),
        "its owner is %s, its sequence %d".formatted(found.owner(), found.sequence()),
        "Run this one again when that one is done; nothing of it is in the table");
  }
}
