package io.millrace.lake.verify;

import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.types.StructField;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.deadletter.PendingLetters;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PendingFile;
import io.millrace.lake.ledger.Resolutions;
import io.millrace.lake.verify.Finding.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * All dead letters that a pinned ledger claims: those in their table, whose version is pinned after
 * the ledger and so may hold more, and those in files that the ledger calls pending and the table
 * lacks. What is wrong with table and files is entered into the report.
 */
final class DeadLetterRows {
  private final String path;
  private final Ledger ledger;
  private final StreamConfig stream;
  private final Configuration hadoop;
  private final ReportBuilder report;
  private final Map<Integer, DeadAccount> accounts = new TreeMap<>();

  DeadLetterRows(StreamConfig stream, Ledger ledger, Configuration hadoop, ReportBuilder report) {
    this.path = DeadLetterTable.path(stream.table(), ledger.generation());
    this.ledger = ledger;
    this.stream = stream;
    this.hadoop = hadoop;
    this.report = report;
    ledger.partitions().forEach((p, claim) -> accounts.put(p, new DeadAccount(claim)));
  }

  /** Those below the partitions' first offsets, down to this ledger's, are looked at apart. */
  void apart(Ledger whole) {
    whole
        .partitions()
        .forEach(
            (p, entry) -> {
              RowAccount rows = accounts.get(p).rows;
              rows.before = new RowAccount(entry.first(), rows.first);
            });
  }

  /** Enters what became of the dead letters that were read. */
  void resolve(Resolutions resolutions) {
    accounts.forEach((partition, account) -> account.resolve(partition, resolutions));
    for (int partition : resolutions.letters().keySet()) {
      if (!accounts.containsKey(partition)) {
        report.add(
            Finding.of(
                Kind.RESOLUTIONS,
                partition,
                "dead letters are noted as redriven or discarded, the ledger has no such partition"));
      }
    }
  }

  /** A file of dead letters, and how it is read. */
  private record Source(String file, Reading reading) {
    @FunctionalInterface
    interface Reading {
      void into(PinnedTable.Rows rows) throws IOException;
    }
  }

  /**
   * Finishes what a crash left between the two commits, where this process may write there, and
   * reads everything.
   *
   * @param mainTableId id of the stream's own table
   */
  void read(String mainTableId, int threads, VerifyProgress progress, LongSupplier nanoClock)
      throws Exception {
    rollForward(mainTableId);
    List<Source> sources = new ArrayList<>();
    long rows = 0;
    long sequence = 0;
    try {
      Optional<PinnedTable> table = PinnedTable.latest(path, hadoop);
      if (table.isPresent()) {
        sequence = table.get().transaction(DeadLetterTable.transactionId(stream.name()));
        rows = addFiles(table.get(), sources);
      }
    } catch (KernelException | KernelEngineException | UncheckedIOException e) {
      boolean unreachable = StorageErrors.isUnreachable(e);
      report.add(
          Finding.of(
              unreachable ? Kind.STORAGE_UNREACHABLE : Kind.TABLE_UNREADABLE,
              "the table of dead letters %s can't be %s: %s"
                  .formatted(path, unreachable ? "reached" : "read", StorageErrors.root(e))));
    }
    rows += addPending(sequence, sources);
    ProgressMeter meter =
        new ProgressMeter(
            progress, stream.name(), VerifyProgress.Phase.DEAD_LETTERS, rows, nanoClock);
    DeadLetterCounter counter =
        new DeadLetterCounter(accounts, sequence > ledger.sequence(), meter);
    read(sources, counter, threads);
    meter.finish();
    if (counter.strangers() > 0) {
      report.add(
          Finding.of(
              Kind.UNEXPLAINED_DEAD_LETTERS,
              "%d dead letters are of partitions that the ledger lacks, or say no partition or offset"
                  .formatted(counter.strangers())));
    }
  }

  private void rollForward(String mainTableId) {
    if (ledger.pending().isEmpty()) {
      return;
    }
    try (DeadLetterTable table =
        new DeadLetterTable(
            stream.table(), mainTableId, stream.name(), ledger.generation(), hadoop)) {
      table.rollForward(ledger);
    } catch (MillraceException e) {
      report.note(
          "dead letters of commit %d could not be brought into their table, and were read where they lie: %s"
              .formatted(ledger.pending().get(0).sequence(), e.reason()));
    }
  }

  private long addFiles(PinnedTable table, List<Source> sources) {
    for (StructField column : DeadLetterCounter.COLUMNS.fields()) {
      if (!table.has(column.getName())
          || !table.schema().get(column.getName()).getDataType().equals(column.getDataType())) {
        report.add(
            Finding.of(
                Kind.TABLE_UNREADABLE,
                "the table of dead letters %s has no column %s of type %s"
                    .formatted(path, column.getName(), column.getDataType())));
        return 0;
      }
    }
    PinnedTable.Reading reading = table.reading(DeadLetterCounter.COLUMNS.fieldNames().iterator());
    long rows = 0;
    for (PinnedTable.LiveFile file : reading.files()) {
      sources.add(new Source(file.path(), counter -> reading.read(file, counter)));
      rows += Math.max(0, file.rows());
    }
    return rows;
  }

  private long addPending(long sequence, List<Source> sources) throws IOException {
    long rows = 0;
    for (PendingFile pending : ledger.pending()) {
      if (pending.sequence() > sequence) {
        Path file = new Path(path, pending.name());
        sources.add(
            new Source(
                file.getFileSystem(hadoop).makeQualified(file).toString(),
                counter ->
                    PendingLetters.read(
                        hadoop, file, pending, DeadLetterCounter.COLUMNS, counter)));
        rows += pending.rows();
      }
    }
    return rows;
  }

  private void read(List<Source> sources, DeadLetterCounter counter, int threads) throws Exception {
    Queue<Source> open = new ConcurrentLinkedQueue<>(sources);
    Queue<Finding> broken = new ConcurrentLinkedQueue<>();
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < Math.min(threads, sources.size()); i++) {
      tasks.add(
          () -> {
            for (var source = open.poll(); source != null; source = open.poll()) {
              try {
                source.reading.into(counter);
              } catch (Exception e) {
                broken.add(TableRows.unreadable("file of dead letters", source.file, "", e));
              }
            }
            return null;
          });
    }
    Workers.run("verify-dead-letters", tasks);
    broken.forEach(report::add);
  }

  /** The account of a partition that the ledger has. */
  DeadAccount account(int partition) {
    return accounts.get(partition);
  }
}
