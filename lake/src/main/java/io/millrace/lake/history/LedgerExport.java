package io.millrace.lake.history;

import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.DataFile;
import io.millrace.lake.delta.CommitLog;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.FollowingTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.LakeErrors;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.delta.SiblingPath;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Resolutions;
import io.millrace.lake.parquet.ColumnFileWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A stream's ledgers, commit by commit, in a Delta table of their own, where they stay when the log
 * of the stream's table is cleaned up.
 *
 * <h2>Idempotency</h2>
 *
 * <p>The export's Delta transaction {@code millrace:<stream>:ledger-export} has the last exported
 * version of the stream's table. An export goes on behind it, and its commit fails where another
 * one was faster: it then begins again behind that. One thread.
 */
public final class LedgerExport {
  /** A property of the export: the id of the table that it is of. */
  private static final String MAIN_TABLE = "millrace.ledgerOf";

  private static final String SUFFIX = "_ledger";

  private final String table;
  private final String stream;
  private final String to;
  private final Configuration hadoop;

  /**
   * @param table path of the stream's table
   * @param to path of the export
   * @param hadoop the config's settings of file systems
   */
  public LedgerExport(String table, String stream, String to, Map<String, String> hadoop) {
    this.table = table;
    this.stream = stream;
    this.to = to;
    this.hadoop = LakeConfiguration.of(hadoop);
  }

  /** Where the ledger of a table goes if nothing else is said. */
  public static String path(String table) {
    return SiblingPath.of(table, SUFFIX);
  }

  /**
   * What an export did.
   *
   * @param through the last version that the export has now
   * @param rows that were added
   * @param gaps how many versions follow on some that the log no longer has
   */
  public record Result(long through, long rows, int gaps) {}

  /**
   * Exports what the log has and the export has not.
   *
   * @return empty where there is no table
   * @throws MillraceException {@code PROTECTED} where something else is at the export's path, or a
   *     ledger can't be read, {@code UNREACHABLE} where the storage does not answer
   */
  public Optional<Result> run() {
    try {
      Optional<PinnedTable> main = PinnedTable.latest(table, hadoop);
      if (main.isEmpty()) {
        return Optional.empty();
      }
      try (FollowingTable export = open(main.get())) {
        return Optional.of(run(main.get(), export));
      }
    } catch (IOException e) {
      throw LakeErrors.storage("The ledger of table " + table + " can't be exported", e);
    } catch (KernelException | KernelEngineException e) {
      throw LakeErrors.unreadable(table, e);
    }
  }

  private FollowingTable open(PinnedTable main) {
    String transaction = "millrace:" + stream + ":ledger-export";
    FollowingTable export =
        FollowingTable.open(to, hadoop, transaction, ExportColumns.LAYOUT)
            .orElseGet(
                () ->
                    FollowingTable.create(
                        to,
                        hadoop,
                        transaction,
                        ExportColumns.LAYOUT,
                        Map.of(MAIN_TABLE, main.id()),
                        ExportFile::isOne));
    if (!export.property(MAIN_TABLE).equals(Optional.of(main.id()))) {
      export.close();
      throw new MillraceException(
          ExitCode.PROTECTED,
          "The ledger of stream %s can't be exported to %s".formatted(stream, to),
          export.property(MAIN_TABLE).isPresent()
              ? "that is the export of another table, with the id "
                  + export.property(MAIN_TABLE).get()
              : "there is a table that is no exported ledger",
          "Move or delete it, or name another path with --to");
    }
    return export;
  }

  private Result run(PinnedTable main, FollowingTable export) throws IOException {
    while (export.sequence() < main.version()) {
      ExportFile file = new ExportFile(hadoop, export.path(), stream);
      DataFile written;
      int gaps;
      try {
        gaps = write(main, export.sequence(), file);
        written = file.close();
      } catch (IOException | RuntimeException e) {
        file.abort();
        throw e;
      }
      if (export.append(written, main.version())) {
        return new Result(main.version(), file.rows(), gaps);
      }
      ColumnFileWriter.discard(hadoop, written);
    }
    return new Result(export.sequence(), 0, 0);
  }

  /** Writes what came after a version; how many versions follow on some that the log lacks. */
  private int write(PinnedTable main, long after, ExportFile file) throws IOException {
    CommitLog log = CommitLog.list(table, hadoop, after == 0 ? 0 : after + 1, main.version());
    ExportSteps steps = new ExportSteps(stream);
    long last = after == 0 ? -1 : after;
    begin(steps, last);
    CommitLog.Commit commit = null;
    int gaps = 0;
    for (long version : log.versions()) {
      try {
        commit = log.read(version);
      } catch (FileNotFoundException e) {
        continue; // log clean-up goes on meanwhile
      }
      if (version != last + 1) {
        begin(steps, version - 1);
      }
      gaps += add(steps.add(commit), file);
      last = version;
    }
    if (!steps.known() && commit != null) {
      Ledger now = ledger(main);
      gaps += add(steps.state(commit, now, resolutions(main, now)), file);
    }
    return gaps;
  }

  /** How many gaps a version's rows tell: none or one. */
  private static int add(List<ExportRow> rows, ExportFile file) throws IOException {
    boolean gap = false;
    for (ExportRow row : rows) {
      file.add(row);
      gap |= row.kind() == ExportRow.Kind.GAP;
    }
    return gap ? 1 : 0;
  }

  /** What a version has, if it can still be read; before the first one there is nothing. */
  private void begin(ExportSteps steps, long version) {
    if (version < 0) {
      steps.begin(null, null);
      return;
    }
    try {
      PinnedTable before = PinnedTable.at(table, hadoop, version);
      Ledger then = ledger(before);
      steps.begin(then, resolutions(before, then));
    } catch (KernelException e) {
      steps.lost();
    }
  }

  private Ledger ledger(PinnedTable of) {
    return of.domain(DeltaTable.ledgerDomain(stream)).map(Ledger::fromJson).orElse(null);
  }

  private Resolutions resolutions(PinnedTable of, Ledger ledger) {
    int generation = ledger == null ? Ledger.FIRST_GENERATION : ledger.generation();
    return of.domain(DeltaTable.redriveDomain(stream, generation))
        .map(Resolutions::fromJson)
        .orElse(null);
  }
}
