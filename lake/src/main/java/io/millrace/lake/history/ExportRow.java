package io.millrace.lake.history;

import io.millrace.lake.delta.CommitLog;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;

/**
 * One row of an exported ledger; null where a column says nothing of that kind.
 *
 * @param commit the version that it is of
 * @param ledger that version's, where it has one
 * @param partition that moved
 * @param moved by how much: {@code first} is the offset before
 */
record ExportRow(
    CommitLog.Commit commit,
    Kind kind,
    Ledger ledger,
    Integer partition,
    PartitionEntry moved,
    Long redriven,
    Long discarded) {
  /** What a version is; the names are part of the table's format. */
  enum Kind {
    /** Offsets of a partition were taken. */
    BATCH,
    /** A ledger that moved no offset: a writer began. */
    START,
    /** Another generation of the topic began: offsets from here on are of that one. */
    GENERATION,
    /** A partition's ledger was taken back by a RESTORE: from a later offset to an earlier one. */
    TAKEN_BACK,
    /** The log lacks versions before: all that the partition gave from its first offset on. */
    GAP,
    /** Dead letters were redriven or discarded. */
    RESOLUTION,
    /** A commit of others, or of another stream. */
    OTHER
  }

  static ExportRow ofLedger(CommitLog.Commit commit, Kind kind, Ledger ledger) {
    return new ExportRow(commit, kind, ledger, null, null, null, null);
  }

  static ExportRow of(
      CommitLog.Commit commit, Kind kind, Ledger ledger, int partition, PartitionEntry moved) {
    return new ExportRow(commit, kind, ledger, partition, moved, null, null);
  }

  static ExportRow other(CommitLog.Commit commit) {
    return new ExportRow(commit, Kind.OTHER, null, null, null, null, null);
  }

  static ExportRow ofResolutions(CommitLog.Commit commit, Long redriven, Long discarded) {
    return new ExportRow(commit, Kind.RESOLUTION, null, null, null, redriven, discarded);
  }
}
