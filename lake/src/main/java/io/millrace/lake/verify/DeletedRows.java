package io.millrace.lake.verify;

import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.millrace.core.config.StreamConfig;
import io.millrace.lake.delta.CommitLog;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/**
 * Which of the rows that a table lacks others took away, and when: those that stood in files, or in
 * parts of files, that a commit of others removed, and that no file it added has. Told as far as
 * the log still shows the version before, and its files are still there.
 */
final class DeletedRows {
  /** As Delta's writers name what puts another table in the place of one. */
  private static final Set<String> REPLACING =
      Set.of(
          "REPLACE TABLE",
          "CREATE OR REPLACE TABLE",
          "REPLACE TABLE AS SELECT",
          "CREATE OR REPLACE TABLE AS SELECT",
          "CLONE",
          "TRUNCATE");

  private final StreamConfig stream;
  private final Configuration hadoop;
  private final Ledger ledger;
  private final int threads;
  private final VerifyProgress progress;
  private final LongSupplier nanoClock;
  private final Map<Integer, List<Finding>> findings = new HashMap<>();

  DeletedRows(
      StreamConfig stream,
      Configuration hadoop,
      Ledger ledger,
      int threads,
      VerifyProgress progress,
      LongSupplier nanoClock) {
    this.stream = stream;
    this.hadoop = hadoop;
    this.ledger = ledger;
    this.threads = threads;
    this.progress = progress;
    this.nanoClock = nanoClock;
  }

  /**
   * Enters into the rows' accounts which offsets others took away.
   *
   * @param foreign commits of others that removed data, ascending
   * @param rows of the ledger's generation, by partition
   * @param topic by partition; empty where Kafka was not read
   * @return what is to be said of each partition
   */
  Map<Integer, List<Finding>> find(
      List<CommitLog.Commit> foreign,
      IntFunction<RowAccount> rows,
      DeadLetterRows dead,
      Map<Integer, TopicAccount> topic)
      throws Exception {
    // The newest first: of a row that was taken away twice the last time counts.
    for (int i = foreign.size() - 1; i >= 0 && isShort(rows, dead); i--) {
      CommitLog.Commit commit = foreign.get(i);
      if (commit.version() == 0) {
        continue;
      }
      try {
        PinnedTable before = PinnedTable.at(stream.table(), hadoop, commit.version() - 1);
        PinnedTable after = PinnedTable.at(stream.table(), hadoop, commit.version());
        TableRows gone = read(before, identities(after));
        TableRows come = read(after, identities(before));
        ledger
            .partitions()
            .keySet()
            .forEach(
                partition ->
                    enter(
                        commit,
                        partition,
                        gone.account(partition)
                            .offsets
                            .without(come.account(partition).offsets)
                            .without(dead.account(partition).rows.offsets),
                        rows.apply(partition),
                        topic.get(partition)));
      } catch (KernelException | KernelEngineException e) {
        // The log does not show these versions any more; what they took stays unexplained.
        continue;
      }
    }
    return findings;
  }

  private boolean isShort(IntFunction<RowAccount> rows, DeadLetterRows dead) {
    return ledger.partitions().entrySet().stream()
        .anyMatch(
            claim -> {
              RowAccount account = rows.apply(claim.getKey());
              long redriven = dead.account(claim.getKey()).redriven.size();
              return account.offsets.size() + account.deleted.size()
                  < claim.getValue().rows() + redriven;
            });
  }

  private void enter(
      CommitLog.Commit commit,
      int partition,
      OffsetSet gone,
      RowAccount account,
      TopicAccount topic) {
    OffsetSet lacking = gone.without(account.offsets).without(account.deleted);
    if (topic != null) {
      // What Kafka never delivered is not missed.
      OffsetSet strange = new OffsetSet();
      lacking.forEach(
          topic.from(),
          topic.to,
          offset -> {
            if (!topic.values.contains(offset)) {
              strange.add(offset);
            }
          });
      lacking = lacking.without(strange);
    }
    if (lacking.size() == 0) {
      return;
    }
    account.deleted = account.deleted.or(lacking);
    RangeList ranges = new RangeList();
    lacking.minus(new OffsetSet(), account.first, account.next, ranges);
    findings
        .computeIfAbsent(partition, p -> new ArrayList<>())
        .add(
            new Finding(
                kind(commit),
                partition,
                "%d rows were taken out of the table by version %d (%s, %s)"
                    .formatted(
                        lacking.size(),
                        commit.version(),
                        commit.operation().isEmpty() ? "no operation named" : commit.operation(),
                        commit.time()),
                ranges.ranges()));
  }

  private static Kind kind(CommitLog.Commit commit) {
    if (commit.operation().equals("RESTORE")) {
      return Kind.TABLE_RESTORED;
    }
    boolean overwrite =
        commit.operation().equals("WRITE")
            && commit.parameters().path("mode").asText("").equals("Overwrite")
            && !commit.parameters().has("predicate");
    return overwrite || REPLACING.contains(commit.operation())
        ? Kind.TABLE_REPLACED
        : Kind.ROWS_DELETED;
  }

  private Set<String> identities(PinnedTable table) {
    return positions(table).files().stream()
        .map(PinnedTable.LiveFile::identity)
        .collect(Collectors.toSet());
  }

  private PinnedTable.Reading positions(PinnedTable table) {
    return table.reading(
        List.of(stream.columns().partition().orElseThrow(), stream.columns().offset().orElseThrow())
            .iterator());
  }

  /** The rows of files that are not among the others; of files that are gone, none. */
  private TableRows read(PinnedTable table, Set<String> others) throws Exception {
    TableRows rows = new TableRows(table, stream.columns(), ledger, hadoop);
    rows.only(file -> !others.contains(file.identity()));
    rows.read(List.of(), Map.of(), threads, stream.name(), progress, nanoClock);
    return rows;
  }
}
