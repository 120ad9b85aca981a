package io.millrace.lake.deadletter;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files of dead letters a RESTORE of the stream's table has made void: the stream takes those
 * offsets again, and would have their dead letters twice.
 */
final class WithdrawnLetters {
  private WithdrawnLetters() {}

  /**
   * @param boundary what the restored ledger has not taken is void
   * @throws MillraceException {@code PROTECTED} where a file has letters of both kinds
   */
  static List<PinnedTable.LiveFile> of(PinnedTable table, String path, Ledger boundary) {
    PinnedTable.Reading reading =
        table.reading(List.of(DeadLetterColumns.PARTITION, DeadLetterColumns.OFFSET).iterator());
    List<PinnedTable.LiveFile> withdrawn = new ArrayList<>();
    for (PinnedTable.LiveFile file : reading.files()) {
      Count count = new Count(boundary);
      try {
        reading.read(file, count::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (count.above > 0 && count.below > 0) {
        throw mixed(path, boundary, file, count);
      }
      if (count.above > 0) {
        withdrawn.add(file);
      }
    }
    return withdrawn;
  }

  private static MillraceException mixed(
      String path, Ledger boundary, PinnedTable.LiveFile file, Count count) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "Stream %s can't go on after the RESTORE of its table to version %d"
            .formatted(boundary.stream(), boundary.restored().version()),
        "%s in %s holds %d dead letters from before that version and %d that come again, which can't be told apart by files (an OPTIMIZE?)"
            .formatted(file.path(), path, count.below, count.above),
        "RESTORE %s to a version before its OPTIMIZE, or DELETE from it what the stream takes again: "
                .formatted(path)
            + positions(boundary));
  }

  private static String positions(Ledger boundary) {
    List<String> texts = new ArrayList<>();
    boundary
        .partitions()
        .forEach(
            (partition, entry) ->
                texts.add("partition %d from offset %d".formatted(partition, entry.next())));
    int most = Math.min(texts.size(), 5);
    return String.join(", ", texts.subList(0, most)) + (most < texts.size() ? ", ..." : "");
  }

  /** One file's letters. */
  private static final class Count {
    private final Ledger boundary;
    private long below;
    private long above;

    Count(Ledger boundary) {
      this.boundary = boundary;
    }

    void add(FilteredColumnarBatch batch) {
      ColumnVector partitions = batch.getData().getColumnVector(0);
      ColumnVector offsets = batch.getData().getColumnVector(1);
      for (int row = 0; row < batch.getData().getSize(); row++) {
        if (PinnedTable.isLive(batch, row)) {
          PartitionEntry entry = boundary.partitions().get(partitions.getInt(row));
          if (entry != null && offsets.getLong(row) < entry.next()) {
            below++;
          } else {
            above++;
          }
        }
      }
    }
  }
}
