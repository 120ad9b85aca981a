package io.millrace.lake.verify;

import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides whether one partition's rows of before a version are still those: files that came since
 * have the rows of the files that went, and of redriven dead letters, and no others. No I/O.
 */
final class OldRows {
  private final int partition;
  private final long version;
  private final List<Finding> findings = new ArrayList<>();

  private OldRows(int partition, long version) {
    this.partition = partition;
    this.version = version;
  }

  /**
   * @param version that of before
   * @param came rows of offsets of before, in files that came since
   * @param went rows of files that went since
   * @param redriven dead letters of before that became rows since
   * @param removals in words, which commits of others removed data since; empty for none
   */
  static List<Finding> judge(
      int partition,
      long version,
      RowAccount came,
      RowAccount went,
      OffsetSet redriven,
      String removals) {
    return new OldRows(partition, version).judge(came, went, redriven, removals);
  }

  private List<Finding> judge(
      RowAccount came, RowAccount went, OffsetSet redriven, String removals) {
    add(
        Kind.DUPLICATE_ROWS,
        "%d rows that came since version %d are of offsets taken before it, and no redrive brought them",
        came.offsets.without(went.offsets).without(redriven));
    if (came.duplicates > went.duplicates) {
      add(
          Kind.DUPLICATE_ROWS,
          "%d offsets of before version %d have more than one row in files that came since",
          came.repeated);
    }
    add(
        Kind.ROWS_DELETED,
        removals.isEmpty()
            ? "%d rows that version %d had are gone"
            : "%d rows that version %d had are gone; data was removed by "
                + removals.replace("%", "%%"),
        went.offsets.without(came.offsets));
    add(
        Kind.RESOLUTIONS,
        "%d dead letters of before version %d, redriven since, have no row",
        redriven.without(came.offsets));
    if (came.foreign > went.foreign) {
      findings.add(
          new Finding(
              Kind.FOREIGN_ROWS,
              partition,
              "%d rows below the ledger's first offset came since version %d"
                  .formatted(came.foreign - went.foreign, version),
              came.foreignOffsets.ranges()));
    }
    return findings;
  }

  private void add(Kind kind, String text, OffsetSet offsets) {
    if (offsets.size() > 0) {
      RangeList ranges = new RangeList();
      offsets.minus(new OffsetSet(), 0, Long.MAX_VALUE, ranges);
      findings.add(
          new Finding(kind, partition, text.formatted(offsets.size(), version), ranges.ranges()));
    }
  }
}
