package io.millrace.lake.history;

import io.millrace.lake.delta.CommitLog;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.ledger.Resolutions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes rows of a table's commits, each by what it changed of the ledger before. Takes commits in
 * order of their versions. No I/O.
 */
final class ExportSteps {
  private final String ledgerDomain;
  private final String stream;

  /** What is known of the version before; a known null is that there was none. */
  private boolean known;

  private Ledger ledger;
  private Resolutions resolutions;

  ExportSteps(String stream) {
    ledgerDomain = DeltaTable.ledgerDomain(stream);
    this.stream = stream;
  }

  /** What the version before the next commit has; null where it has none. */
  void begin(Ledger then, Resolutions noted) {
    known = true;
    ledger = then;
    resolutions = noted;
  }

  /** The version before the next commit can't be read. */
  void lost() {
    known = false;
    ledger = null;
    resolutions = null;
  }

  /** Whether it is known what the last version has. */
  boolean known() {
    return known;
  }

  /** What the last commit's version has, where that was not known by its commit. */
  List<ExportRow> state(CommitLog.Commit commit, Ledger now, Resolutions noted) {
    List<ExportRow> rows = now == null ? List.of() : gap(commit, now);
    begin(now, noted);
    return rows;
  }

  List<ExportRow> add(CommitLog.Commit commit) {
    Map<String, String> domains = commit.domains();
    if (domains.get(ledgerDomain) != null) {
      Ledger now = Ledger.fromJson(domains.get(ledgerDomain));
      String noted = domains.get(redriveDomain(now));
      if (noted != null) {
        // With the ledger of a version restored to; what was taken back is no row of its own.
        resolutions = Resolutions.fromJson(noted);
      } else if (generation(now) != generation(ledger)) {
        resolutions = null;
      }
      return ledger(commit, now);
    }
    String redriveDomain = redriveDomain(ledger);
    List<ExportRow> rows = new ArrayList<>();
    if (domains.get(redriveDomain) != null) {
      rows.add(resolutions(commit, Resolutions.fromJson(domains.get(redriveDomain))));
    } else {
      rows.add(ExportRow.other(commit));
    }
    if (domains.containsKey(ledgerDomain)) {
      // Taken out of the table: a ledger that comes again has nothing to follow on.
      lost();
    }
    return rows;
  }

  /** Dead letters of each generation of the topic are noted apart. */
  private String redriveDomain(Ledger of) {
    return DeltaTable.redriveDomain(stream, generation(of));
  }

  private static int generation(Ledger of) {
    return of == null ? Ledger.FIRST_GENERATION : of.generation();
  }

  private List<ExportRow> ledger(CommitLog.Commit commit, Ledger now) {
    List<ExportRow> rows = known ? moves(commit, now) : gap(commit, now);
    boolean begins = ledger != null && generation(now) != generation(ledger);
    ledger = now;
    known = true;
    return rows.isEmpty()
        ? List.of(
            ExportRow.ofLedger(
                commit, begins ? ExportRow.Kind.GENERATION : ExportRow.Kind.START, now))
        : rows;
  }

  private List<ExportRow> moves(CommitLog.Commit commit, Ledger now) {
    Ledger same = generation(now) == generation(ledger) ? ledger : null;
    List<ExportRow> rows = new ArrayList<>();
    now.partitions()
        .forEach(
            (partition, entry) -> {
              PartitionEntry before = same == null ? null : same.partitions().get(partition);
              if (before != null && entry.next() < before.next()) {
                rows.add(
                    ExportRow.of(
                        commit, ExportRow.Kind.TAKEN_BACK, now, partition, less(before, entry)));
              } else if (entry.next() > (before == null ? entry.first() : before.next())) {
                rows.add(
                    ExportRow.of(
                        commit,
                        ExportRow.Kind.BATCH,
                        now,
                        partition,
                        less(entry, before == null ? at(entry.first()) : before)));
              }
            });
    return rows;
  }

  private static PartitionEntry at(long first) {
    return new PartitionEntry(first, first, 0, 0, 0, 0);
  }

  private static PartitionEntry less(PartitionEntry now, PartitionEntry before) {
    return new PartitionEntry(
        before.next(),
        now.next(),
        now.rows() - before.rows(),
        now.nulls() - before.nulls(),
        now.dead() - before.dead(),
        now.filtered() - before.filtered(),
        now.empty() - before.empty(),
        now.lost() - before.lost(),
        now.leader());
  }

  private static List<ExportRow> gap(CommitLog.Commit commit, Ledger now) {
    List<ExportRow> rows = new ArrayList<>();
    now.partitions()
        .forEach(
            (partition, entry) ->
                rows.add(ExportRow.of(commit, ExportRow.Kind.GAP, now, partition, entry)));
    if (rows.isEmpty()) {
      rows.add(ExportRow.ofLedger(commit, ExportRow.Kind.GAP, now));
    }
    return rows;
  }

  private ExportRow resolutions(CommitLog.Commit commit, Resolutions now) {
    Resolutions before = resolutions;
    resolutions = now;
    boolean first = now.sequence() == 1;
    return before == null && !first
        ? ExportRow.ofResolutions(commit, null, null)
        : ExportRow.ofResolutions(
            commit,
            now.redriven() - (before == null ? 0 : before.redriven()),
            now.discarded() - (before == null ? 0 : before.discarded()));
  }
}
