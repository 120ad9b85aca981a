package io.millrace.lake.verify;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.CommitLog;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.delta.ResolutionFiles;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.ledger.Resolutions;
import io.millrace.lake.verify.Finding.Kind;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/**
 * An earlier version of a table, whose rows are taken as they were: only what came since is held
 * against Kafka, and that nothing else has changed.
 */
final class Baseline {
  private final PinnedTable table;
  private final Optional<Ledger> ledger;
  private final Resolutions resolutions;
  private final StreamConfig stream;

  private Baseline(
      PinnedTable table, Optional<Ledger> ledger, Resolutions resolutions, StreamConfig stream) {
    this.table = table;
    this.ledger = ledger;
    this.resolutions = resolutions;
    this.stream = stream;
  }

  /**
   * Looks the version up; empty where none is asked for.
   *
   * @param latest the pinned version
   * @throws MillraceException {@code USAGE} where the table's log does not have it
   */
  static Optional<Baseline> of(
      VerifyOptions.Since since, StreamConfig stream, PinnedTable latest, Configuration hadoop)
      throws IOException {
    if (since == null) {
      return Optional.empty();
    }
    long version = since.version().isPresent() ? since.version().getAsLong() : -1;
    if (since.time().isPresent()) {
      version =
          CommitLog.list(stream.table(), hadoop, 0, latest.version())
              .latestAt(since.time().get().toEpochMilli())
              .orElseThrow(() -> notThere(since, stream, latest));
    }
    if (version > latest.version() || version < latest.oldestReadable()) {
      throw notThere(since, stream, latest);
    }
    try {
      PinnedTable table = PinnedTable.at(stream.table(), hadoop, version);
      Optional<Ledger> ledger =
          table.domain(DeltaTable.ledgerDomain(stream.name())).map(Ledger::fromJson);
      int generation = ledger.map(Ledger::generation).orElse(Ledger.FIRST_GENERATION);
      return Optional.of(
          new Baseline(
              table,
              ledger,
              ResolutionFiles.read(
                  table.domain(DeltaTable.redriveDomain(stream.name(), generation)),
                  stream.name(),
                  stream.table(),
                  hadoop),
              stream));
    } catch (KernelException e) {
      throw notThere(since, stream, latest);
    }
  }

  private static MillraceException notThere(
      VerifyOptions.Since since, StreamConfig stream, PinnedTable latest) {
    return new MillraceException(
        ExitCode.USAGE,
        "Stream %s can't be verified since %s".formatted(stream.name(), since),
        "the log of table %s shows versions %d to %d"
            .formatted(stream.table(), latest.oldestReadable(), latest.version()),
        "Give one of these, or a later time, or verify without --since");
  }

  long version() {
    return table.version();
  }

  Optional<Ledger> ledger() {
    return ledger;
  }

  Resolutions resolutions() {
    return resolutions;
  }

  /** What keeps a ledger from having grown from this version's, in words. */
  Optional<String> contradiction(Ledger now) {
    if (ledger.isEmpty()) {
      return Optional.empty();
    }
    Ledger then = ledger.get();
    if (then.generation() != now.generation()) {
      return Optional.of("generation %d of the topic began since".formatted(now.generation()));
    }
    if (!Objects.equals(then.restored(), now.restored())) {
      return Optional.of(
          "the table was restored to version %d since".formatted(now.restored().version()));
    }
    for (var partition : then.partitions().entrySet()) {
      PartitionEntry grown = now.partitions().get(partition.getKey());
      if (grown == null) {
        return Optional.of("it lacks partition " + partition.getKey());
      }
      if (!isGrown(partition.getValue(), grown)) {
        return Optional.of(
            "partition %d went from offset %d back to %d"
                .formatted(partition.getKey(), partition.getValue().next(), grown.next()));
      }
    }
    return Optional.empty();
  }

  private static boolean isGrown(PartitionEntry then, PartitionEntry now) {
    return now.next() >= then.next()
        && now.rows() >= then.rows()
        && now.nulls() >= then.nulls()
        && now.dead() >= then.dead()
        && now.filtered() >= then.filtered()
        && now.empty() >= then.empty()
        && now.lost() >= then.lost();
  }

  /**
   * The ledger of what came since: as it is now, but each partition begins where this version's
   * ended.
   */
  Ledger since(Ledger now) {
    SortedMap<Integer, PartitionEntry> grown = new TreeMap<>(now.partitions());
    ledger.ifPresent(
        then ->
            then.partitions()
                .forEach(
                    (partition, before) ->
                        grown.computeIfPresent(partition, (p, entry) -> less(entry, before))));
    return new Ledger(
        now.stream(),
        now.source(),
        now.writer(),
        now.sequence(),
        now.attempt(),
        grown,
        now.pending(),
        now.sql(),
        now.accepted(),
        now.restored());
  }

  private static PartitionEntry less(PartitionEntry now, PartitionEntry then) {
    return new PartitionEntry(
        then.next(),
        now.next(),
        now.rows() - then.rows(),
        now.nulls() - then.nulls(),
        now.dead() - then.dead(),
        now.filtered() - then.filtered(),
        now.empty() - then.empty(),
        now.lost() - then.lost(),
        now.leader());
  }

  /** Its data files, by {@link PinnedTable.LiveFile#identity}. */
  Set<String> files() {
    return identities(table);
  }

  /**
   * Whether its rows are still there, and no others of the same offsets.
   *
   * @param later the pinned version
   * @param came the rows of files that came since
   * @param chain has followed the commits since
   * @param report is told where that can't be found out
   * @return what is wrong, by partition
   */
  Map<Integer, List<Finding>> judge(
      PinnedTable later,
      Configuration hadoop,
      int threads,
      VerifyProgress progress,
      TableRows came,
      DeadLetterRows dead,
      LedgerChain chain,
      ReportBuilder report)
      throws Exception {
    if (ledger.isEmpty()) {
      return Map.of();
    }
    Set<String> there = identities(later);
    TableRows went = new TableRows(table, stream.columns(), ledger.get(), hadoop);
    went.only(file -> !there.contains(file.identity()));
    went.read(List.of(), Map.of(), threads, stream.name(), progress, System::nanoTime);
    if (!went.findings().isEmpty()) {
      report.add(
          Finding.of(
              Kind.SINCE_NOT_PROVABLE,
              "rows of version %d can't be compared with those that replaced them: %s; verify without --since"
                  .formatted(version(), went.findings().get(0).text())));
      return Map.of();
    }
    String removals =
        chain.removing().stream()
            .map(c -> "version %d (%s, %s)".formatted(c.version(), c.operation(), c.time()))
            .collect(Collectors.joining(", "));
    Map<Integer, List<Finding>> findings = new HashMap<>();
    for (int partition : ledger.get().partitions().keySet()) {
      findings.put(
          partition,
          OldRows.judge(
              partition,
              version(),
              came.account(partition).before,
              went.account(partition),
              dead.account(partition).redrivenAfter(partition, resolutions),
              removals));
    }
    return findings;
  }

  private Set<String> identities(PinnedTable of) {
    return of.reading(List.of(stream.columns().offset().orElseThrow()).iterator()).files().stream()
        .map(PinnedTable.LiveFile::identity)
        .collect(Collectors.toSet());
  }
}
