package io.millrace.lake.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.utils.CloseableIterator;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** What a table's ledger says about a commit of ours. */
enum LedgerState {
  /** The table's ledger is the one that we wanted to commit. */
  COMMITTED,
  /** It is still the one that we started from. */
  UNCHANGED,
  /** It is neither. */
  MOVED_BY_ANOTHER;

  static LedgerState compare(Optional<Ledger> found, Optional<Ledger> base, Ledger ours) {
    Optional<String> attempt = found.map(Ledger::attempt);
    if (attempt.equals(Optional.of(ours.attempt()))) {
      return COMMITTED;
    }
    return attempt.equals(base.map(Ledger::attempt)) ? UNCHANGED : MOVED_BY_ANOTHER;
  }

  static Optional<Ledger> read(Snapshot snapshot, String stream) {
    return snapshot.getDomainMetadata(DeltaTable.ledgerDomain(stream)).map(Ledger::fromJson);
  }

  static MillraceException movedByAnother(String path, Ledger ours, Optional<Ledger> found) {
    return found
        .<MillraceException>map(ledger -> new LedgerMovedException(path, ours, ledger))
        .orElseGet(
            () ->
                new MillraceException(
                    ExitCode.PROTECTED,
                    "Stream %s can't go on in the table %s".formatted(ours.stream(), path),
                    "the stream's ledger was removed from the table",
                    "RESTORE the table to the version before; nothing of this batch is in it"));
  }

  /**
   * A stream may begin in a table only if nobody else's rows are there: they could not be told from
   * its own.
   */
  static void requireNoOtherData(Engine engine, Snapshot snapshot, String stream) {
    Optional<String> owner =
        ((SnapshotImpl) snapshot)
            .getActiveDomainMetadataMap().keySet().stream()
                .filter(domain -> domain.startsWith(DeltaTable.ledgerDomain("")))
                .findAny();
    if (owner.isPresent()) {
      String other = owner.get().substring(DeltaTable.ledgerDomain("").length());
      throw cannotBegin(snapshot, stream, "the table belongs to stream " + other);
    }
    if (hasFiles(engine, snapshot)) {
      throw cannotBegin(
          snapshot,
          stream,
          "the table already holds data, and no ledger says which of it came from this stream");
    }
  }

  private static MillraceException cannotBegin(Snapshot snapshot, String stream, String reason) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "Stream %s can't begin in the table %s".formatted(stream, snapshot.getPath()),
        reason,
        "Give the stream a table of its own, or the name under which it wrote to this one before");
  }

  private static boolean hasFiles(Engine engine, Snapshot snapshot) {
    try (CloseableIterator<FilteredColumnarBatch> batches =
        snapshot.getScanBuilder().build().getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          if (files.hasNext()) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
