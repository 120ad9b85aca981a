package io.millrace.lake.delta;

import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.ledger.Ledger;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Looks in a table's log whether somebody took back what a stream had committed. Delta's RESTORE
 * brings files back to what they were and leaves metadata domains, so also our ledger, at their
 * newest (delta-io/delta issue 1813): a stream that went on from such a ledger would leave a hole.
 * A replaced table has lost its rows likewise, and has no ledger that says so.
 */
final class TakenBack {
  private static final String RESTORE = "RESTORE";

  /** As Delta's writers name them in {@code commitInfo.operation}. */
  private static final Set<String> REPLACED =
      Set.of(
          "REPLACE TABLE",
          "CREATE OR REPLACE TABLE",
          "REPLACE TABLE AS SELECT",
          "CREATE OR REPLACE TABLE AS SELECT",
          "CLONE",
          "TRUNCATE");

  private final String path;
  private final Configuration hadoop;
  private final String stream;

  TakenBack(String path, Configuration hadoop, String stream) {
    this.path = path;
    this.hadoop = hadoop;
    this.stream = stream;
  }

  /**
   * A RESTORE that took something back.
   *
   * @param version its version
   * @param to the version that it restored
   */
  record To(long version, long to) {}

  /**
   * Goes back from a version to the stream's last commit, past those of others.
   *
   * @param latest version to begin at
   * @param known no commit up to this version needs a look; -1 where none is known
   * @return the RESTORE whose version's files the table has, where the ledger is not that version's
   * @throws MillraceException {@code PROTECTED} where the table's files are not those that any
   *     ledger speaks of, {@code UNREACHABLE} where the log can't be read
   */
  Optional<To> find(long latest, long known) {
    Optional<To> found = Optional.empty();
    try {
      CommitLog log = CommitLog.of(path, hadoop);
      long end = known;
      for (long version = latest; version > end; ) {
        CommitLog.Commit commit = log.read(version);
        if (commit.domains().containsKey(DeltaTable.ledgerDomain(stream))) {
          return found;
        } else if (REPLACED.contains(commit.operation()) || isOverwrite(commit)) {
          throw stopped(commit, "replaced the table with all that the stream had committed");
        } else if (commit.operation().equals(RESTORE)) {
          long to = restored(log, commit);
          found =
              takesBack(commit, to, latest) ? Optional.of(new To(version, to)) : Optional.empty();
          version = to;
          end = -1;
        } else {
          version--;
        }
      }
      return found;
    } catch (FileNotFoundException e) {
      // The log goes back no further.
      return found;
    } catch (IOException | KernelEngineException e) {
      throw LakeErrors.storage("The log of table " + path + " can't be read", e);
    }
  }

  /** All rows; one with a predicate is like a DELETE of some. */
  private static boolean isOverwrite(CommitLog.Commit commit) {
    return commit.operation().equals("WRITE")
        && commit.parameters().path("mode").asText("").equals("Overwrite")
        && !commit.parameters().has("predicate");
  }

  /** The version that a RESTORE went back to, or the latest one that is the same. */
  private long restored(CommitLog log, CommitLog.Commit commit) throws IOException {
    String text = commit.parameters().path("version").asText("");
    if (text.matches("\\d{1,18}")) {
      return Long.parseLong(text);
    }
    Optional<Long> same;
    try {
      same = new SameFiles(path, hadoop).before(log, commit);
    } catch (KernelException e) {
      same = Optional.empty();
    }
    return same.orElseThrow(
        () ->
            stopped(
                commit,
                "took the table back to a time, and no version that the log still has is the same",
                "RESTORE the table to version %d, and then to the version (not the time) that is meant"));
  }

  private boolean takesBack(CommitLog.Commit commit, long to, long latest) {
    try {
      return !domains(to).equals(domains(latest));
    } catch (KernelException e) {
      throw stopped(
          commit,
          "took the table back to version %d, which the log can't show any more".formatted(to));
    }
  }

  /** What the table says of the stream: rows, and dead letters that were made rows. */
  private List<Optional<String>> domains(long version) {
    PinnedTable table = PinnedTable.at(path, hadoop, version);
    Optional<String> ledger = table.domain(DeltaTable.ledgerDomain(stream));
    int generation =
        ledger.map(Ledger::fromJson).map(Ledger::generation).orElse(Ledger.FIRST_GENERATION);
    return List.of(ledger, table.domain(DeltaTable.redriveDomain(stream, generation)));
  }

  private MillraceException stopped(CommitLog.Commit commit, String what) {
    return stopped(commit, what, "RESTORE the table to version %d, or ingest into a new table");
  }

  private MillraceException stopped(CommitLog.Commit commit, String what, String remedy) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "Stream %s can't go on in the table %s".formatted(stream, path),
        "version %d (%s) %s".formatted(commit.version(), commit.operation(), what),
        remedy.formatted(commit.version() - 1));
  }
}
