package io.millrace.lake.verify;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.CommitLog;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.ledger.Resolutions;
import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.apache.hadoop.fs.Path;

/**
 * Follows one stream's ledger from commit to commit. Takes the retained commits in order of their
 * versions. No I/O.
 */
final class LedgerChain {
  /** Enough to see a pattern. */
  private static final int MOST_FINDINGS = 20;

  private final String stream;
  private final String domain;
  private final LongFunction<Optional<Ledger>> earlier;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<Path, Boolean> live = new HashMap<>();
  private final List<CommitLog.Commit> removing = new ArrayList<>();
  private long lastVersion = -1;
  private Ledger last;
  private Resolutions lastRedrive;
  private int ledgers;
  private boolean broken;
  private boolean fromStart;

  /**
   * @param stream its name
   * @param earlier the ledger of an earlier version; throws where that can't be read any more
   */
  LedgerChain(String stream, LongFunction<Optional<Ledger>> earlier) {
    this.stream = stream;
    this.domain = DeltaTable.ledgerDomain(stream);
    this.earlier = earlier;
  }

  /** What a version has after which the commits come. */
  void begin(long version, Optional<Ledger> ledger, Resolutions redrive) {
    lastVersion = version;
    last = ledger.orElse(null);
    lastRedrive = redrive.sequence() == 0 ? null : redrive;
  }

  void add(CommitLog.Commit commit) {
    if (lastVersion >= 0 && commit.version() != lastVersion + 1) {
      found(
          Kind.LEDGER_CHAIN,
          "the log lacks version %s, so its ledgers can't be followed"
              .formatted(new OffsetRange(lastVersion + 1, commit.version() - 1)));
      broken = true;
    }
    fromStart |= commit.version() == 0;
    lastVersion = commit.version();
    live.putAll(commit.live());
    if (commit.removed() > 0 && commit.domains().get(domain) == null) {
      removing.add(commit);
    }
    if (!commit.domains().containsKey(domain)) {
      String redriveDomain = redriveDomain(last);
      if (commit.domains().containsKey(redriveDomain)) {
        redrive(commit, commit.domains().get(redriveDomain));
      } else {
        other(commit);
      }
      return;
    }
    String text = commit.domains().get(domain);
    if (text == null) {
      found(
          Kind.LEDGER_CHAIN,
          "version %d (%s) removed the ledger".formatted(commit.version(), commit.operation()));
      return;
    }
    ledgers++;
    try {
      step(commit, Ledger.fromJson(text));
    } catch (MillraceException e) {
      found(
          Kind.LEDGER_INVALID,
          "the ledger of version %d can't be read: %s".formatted(commit.version(), e.reason()));
      broken = true;
    }
  }

  private void step(CommitLog.Commit commit, Ledger ledger) {
    if (last != null && !broken) {
      boolean begins = ledger.generation() == last.generation() + 1;
      Optional<String> contradiction =
          begins || last.clusterId().equals(ledger.clusterId())
              ? ledger.contradiction(last)
              : Optional.of(
                  "it is of cluster %s, the one before of %s"
                      .formatted(ledger.clusterId(), last.clusterId()));
      if (contradiction.isPresent()) {
        found(
            Kind.LEDGER_CHAIN,
            "the ledger of version %d does not follow on the one before: %s"
                .formatted(commit.version(), contradiction.get()));
      } else if (begins) {
        begins(commit, ledger);
      } else if (ledger.isTakenBack()) {
        takenBack(commit, ledger);
      } else {
        increment(commit, ledger, ledger.rows() - last.rows(), ledger.dead() - last.dead());
      }
    } else if (last == null && ledger.sequence() == 1) {
      increment(commit, ledger, ledger.rows(), ledger.dead());
    } else if (last == null && fromStart && !broken) {
      found(
          Kind.LEDGER_CHAIN,
          "the first ledger, in version %d, has sequence %d instead of 1"
              .formatted(commit.version(), ledger.sequence()));
    }
    last = ledger;
    broken = false;
  }

  private String redriveDomain(Ledger of) {
    return DeltaTable.redriveDomain(stream, of == null ? Ledger.FIRST_GENERATION : of.generation());
  }

  /** Another generation of the topic: what the one before it came to has to be kept. */
  private void begins(CommitLog.Commit commit, Ledger ledger) {
    note(
        "version %d begins generation %d of the topic (id %s, cluster %s)"
            .formatted(
                commit.version(), ledger.generation(), ledger.topicId(), ledger.clusterId()));
    increment(commit, ledger, 0, 0);
    String kept = commit.domains().get(DeltaTable.closedDomain(stream, last.generation()));
    Ledger ended = last.settled(last.sequence());
    if (kept == null || !Ledger.fromJson(kept).equals(ended)) {
      found(
          Kind.LEDGER_CHAIN,
          "version %d ends generation %d of the topic and does not keep its last ledger"
              .formatted(commit.version(), last.generation()));
    }
    lastRedrive = null;
  }

  /** A RESTORE came before: the ledger must be that of the version restored to, and no more. */
  private void takenBack(CommitLog.Commit commit, Ledger ledger) {
    long version = ledger.restored().version();
    note(
        "the table was restored to version %d, and version %d goes on from that ledger"
            .formatted(version, commit.version()));
    String redriven = commit.domains().get(redriveDomain(ledger));
    if (redriven != null) {
      lastRedrive = Resolutions.fromJson(redriven);
    }
    increment(commit, ledger, 0, 0);
    try {
      earlier
          .apply(version)
          .flatMap(then -> difference(then, ledger))
          .ifPresent(
              text ->
                  found(
                      Kind.LEDGER_CHAIN,
                      "the ledger of version %d is not that of version %d, which the table was restored to: %s"
                          .formatted(commit.version(), version, text)));
    } catch (KernelException e) {
      note("version %d can't be read any more, to compare the two".formatted(version));
    }
  }

  /** Losses may have been accepted at once, and leaders are looked up anew. */
  private static Optional<String> difference(Ledger then, Ledger now) {
    for (Map.Entry<Integer, PartitionEntry> partition : then.partitions().entrySet()) {
      PartitionEntry was = partition.getValue();
      PartitionEntry is = now.partitions().get(partition.getKey());
      if (is == null
          || is.first() != was.first()
          || is.next() - is.lost() != was.next() - was.lost()
          || is.rows() != was.rows()
          || is.nulls() != was.nulls()
          || is.dead() != was.dead()
          || is.filtered() != was.filtered()
          || is.empty() != was.empty()) {
        return Optional.of("partition %d is %s, it was %s".formatted(partition.getKey(), is, was));
      }
    }
    return Optional.empty();
  }

  private void increment(CommitLog.Commit commit, Ledger ledger, long claimed, long dead) {
    if (ledger.ownDeadLetters() != dead) {
      found(
          Kind.LEDGER_COMMIT,
          "version %d has files of %d dead letters, its ledger says %d"
              .formatted(commit.version(), ledger.ownDeadLetters(), dead));
    }
    long added = commit.rowsAdded();
    if (added < 0) {
      note(
          "version %d has files without row counts, so its own ledger entry was not compared"
              .formatted(commit.version()));
    } else if (added != claimed || commit.removed() > 0) {
      found(
          Kind.LEDGER_COMMIT,
          "version %d added %d rows and removed %d files, its ledger says %d rows"
              .formatted(commit.version(), added, commit.removed(), claimed));
    }
  }

  /** Rows of dead letters come with the note that says so, and no others. */
  private void redrive(CommitLog.Commit commit, String text) {
    try {
      Resolutions now = text == null ? null : Resolutions.fromJson(text);
      Resolutions before = lastRedrive;
      if (before == null && now != null && now.sequence() == 1) {
        before = Resolutions.none(now.stream());
      }
      lastRedrive = now;
      if (now == null) {
        found(
            Kind.RESOLUTIONS,
            "version %d (%s) removed the note of redriven dead letters"
                .formatted(commit.version(), commit.operation()));
      } else if (before != null) {
        step(commit, before, now);
      }
    } catch (MillraceException e) {
      found(
          Kind.RESOLUTIONS,
          "the note of redriven dead letters of version %d can't be read: %s"
              .formatted(commit.version(), e.reason()));
    }
  }

  private void step(CommitLog.Commit commit, Resolutions before, Resolutions now) {
    long claimed = now.redriven() - before.redriven();
    now.contradiction(before)
        .ifPresent(
            reason ->
                found(
                    Kind.RESOLUTIONS,
                    "the note of redriven dead letters of version %d does not follow on the one before: %s"
                        .formatted(commit.version(), reason)));
    long added = commit.rowsAdded();
    if (added >= 0 && (added != claimed || commit.removed() > 0)) {
      found(
          Kind.RESOLUTIONS,
          "version %d added %d rows and removed %d files, its note says %d redriven dead letters"
              .formatted(commit.version(), added, commit.removed(), claimed));
    }
  }

  private void other(CommitLog.Commit commit) {
    if (!commit.added().isEmpty() || commit.removed() > 0) {
      note(
          "version %d (%s) changed data without a ledger entry: %d files added, %d removed"
              .formatted(
                  commit.version(), commit.operation(), commit.added().size(), commit.removed()));
    }
  }

  /** Compares the last ledger seen with the one that the table's snapshot has. */
  void end(Ledger pinned) {
    if (last != null && !broken && !last.equals(pinned)) {
      found(
          Kind.LEDGER_CHAIN,
          "the last ledger in the log has sequence %d and %d rows, the table's state has %d and %d"
              .formatted(last.sequence(), last.rows(), pinned.sequence(), pinned.rows()));
    }
  }

  /**
   * Compares the table's files with what the commits say of them: a checkpoint may have been
   * written by somebody else.
   *
   * @param files the live files of the version after the last commit
   */
  void end(Set<Path> files) {
    List<Path> lacking =
        live.keySet().stream().filter(f -> live.get(f) && !files.contains(f)).sorted().toList();
    List<Path> tooMany = files.stream().filter(f -> !live.getOrDefault(f, true)).sorted().toList();
    if (!lacking.isEmpty()) {
      found(
          Kind.TABLE_STATE,
          "the table's state lacks %d files that its commits added and did not remove: %s"
              .formatted(lacking.size(), lacking.get(0).getName()));
    }
    if (!tooMany.isEmpty()) {
      found(
          Kind.TABLE_STATE,
          "the table's state has %d files that its commits removed: %s"
              .formatted(tooMany.size(), tooMany.get(0).getName()));
    }
  }

  /** Ledgers that were met. */
  int ledgers() {
    return ledgers;
  }

  /** Commits that took data away and brought no ledger, ascending. */
  List<CommitLog.Commit> removing() {
    return removing;
  }

  List<Finding> findings() {
    return findings;
  }

  List<String> notes() {
    return notes;
  }

  private void note(String text) {
    if (notes.size() < MOST_FINDINGS) {
      notes.add(text);
    }
  }

  private void found(Kind kind, String text) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(Finding.of(kind, text));
    }
  }
}
