package io.millrace.lake.delta;

import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.types.StructType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.DataFile;
import io.millrace.lake.ledger.PendingFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A Delta table whose commits follow those of another table: it takes the files that the other
 * one's ledger calls pending, or such as say what its versions did.
 *
 * <h2>Idempotency</h2>
 *
 * <p>A Delta transaction of the table holds the sequence number of the last ledger whose files it
 * has. Files of ledgers up to there are in and are passed over, so that anyone may commit the same
 * ledger's files at any time, also several at once, and after a lost answer. One thread.
 */
public final class FollowingTable implements AutoCloseable {
  private final CommitLoop log;
  private final String transactionId;
  private final StructType written;
  private long sequence;

  private FollowingTable(CommitLoop log, String transactionId, TableLayout layout) {
    this.log = log;
    this.transactionId = transactionId;
    this.written = DeltaSchema.of(layout, Optional.empty());
    lookAgain();
  }

  /**
   * Opens the table, or empty where there is none at that path.
   *
   * @param transactionId under which the table keeps its {@link #sequence}
   * @param layout of the files that it takes
   * @throws MillraceException {@code UNREACHABLE} where the path can't be read, {@code PROTECTED}
   *     where what is there can't be read as a Delta table or can't take such files
   */
  public static Optional<FollowingTable> open(
      String path, Configuration hadoop, String transactionId, TableLayout layout) {
    return open(path, hadoop, transactionId, layout, CommitRetries.standard());
  }

  static Optional<FollowingTable> open(
      String path,
      Configuration hadoop,
      String transactionId,
      TableLayout layout,
      CommitRetries retries) {
    return CommitLoop.open(path, hadoop, retries)
        .map(log -> new FollowingTable(log, transactionId, layout));
  }

  /**
   * Creates the table, or opens it where another process was faster.
   *
   * @param expected which files may lie in the directory before the table does
   * @throws MillraceException {@code USAGE} where other files are there, {@code UNREACHABLE} where
   *     the path can't be written
   */
  public static FollowingTable create(
      String path,
      Configuration hadoop,
      String transactionId,
      TableLayout layout,
      Map<String, String> properties,
      Predicate<String> expected) {
    Engine engine = DefaultEngine.create(hadoop);
    try {
      TransactionCommitResult result =
          new TableCreation(path, hadoop, engine)
              .create(layout, Optional.empty(), properties, expected);
      return new FollowingTable(
          CommitLoop.after(result, hadoop, engine, CommitRetries.standard()),
          transactionId,
          layout);
    } catch (MillraceException e) {
      return open(path, hadoop, transactionId, layout).orElseThrow(() -> e);
    }
  }

  /** Absolute path with scheme. */
  public String path() {
    return log.path();
  }

  /** A property of the table as it was last looked at; empty where it has none of that name. */
  public Optional<String> property(String name) {
    return Optional.ofNullable(log.snapshot().getTableProperties().get(name));
  }

  /**
   * Files of ledgers up to this sequence number are in the table, as far as is known here; 0 where
   * it has none.
   */
  public long sequence() {
    return sequence;
  }

  /**
   * Commits what the table does not have yet; nothing where it has all.
   *
   * @param pending by ascending sequence, and with all files of each
   * @throws MillraceException {@code PROTECTED} where the table can't take the files, {@code
   *     UNREACHABLE} where the storage does not answer after several attempts; the same can be
   *     committed again
   */
  public void commit(List<PendingFile> pending) {
    long last = pending.isEmpty() ? 0 : pending.get(pending.size() - 1).sequence();
    if (last <= sequence) {
      return;
    }
    log.commit(
        "files of sequence " + last,
        () ->
            new AppendAttempt(log.committer(), log.snapshot())
                .commit(missing(pending), transactionId, last),
        () -> {
          lookAgain();
          return last <= sequence;
        });
    sequence = Math.max(sequence, last);
  }

  /**
   * Commits a file that goes on where the table was when it was last looked at; nothing where
   * others went on from there meanwhile.
   *
   * @param file in the table's directory
   * @param newSequence above {@link #sequence}
   * @return whether the file is in the table
   * @throws MillraceException as {@link #commit}
   */
  public boolean append(DataFile file, long newSequence) {
    long before = sequence;
    boolean[] in = {true};
    log.commit(
        "a file up to sequence " + newSequence,
        () ->
            new AppendAttempt(log.committer(), log.snapshot())
                .commit(List.of(file), transactionId, newSequence),
        () -> {
          lookAgain();
          in[0] =
              sequence == before
                  || PinnedTable.of(log.reader(), log.snapshot())
                      .files()
                      .contains(new Path(file.path()));
          return sequence != before;
        });
    if (in[0]) {
      sequence = newSequence;
    }
    return in[0];
  }

  /**
   * Takes files out of the table and moves its sequence on, in one commit; nothing where it is that
   * far already. The files stay on disk until somebody's VACUUM.
   *
   * @param which chosen among the live files of the version after which the commit comes
   * @throws MillraceException as {@link #commit}
   */
  public void remove(Function<PinnedTable, List<PinnedTable.LiveFile>> which, long newSequence) {
    if (newSequence <= sequence) {
      return;
    }
    log.commit(
        "files removed up to sequence " + newSequence,
        () ->
            new RemoveAttempt(log.committer(), log.snapshot())
                .commit(
                    which.apply(PinnedTable.of(log.reader(), log.snapshot())),
                    transactionId,
                    newSequence),
        () -> {
          lookAgain();
          return newSequence <= sequence;
        });
    sequence = Math.max(sequence, newSequence);
  }

  private List<DataFile> missing(List<PendingFile> pending) {
    return pending.stream()
        .filter(file -> file.sequence() > sequence)
        .map(file -> file.in(path()))
        .toList();
  }

  private void lookAgain() {
    DeltaSchema.obstacle(written, log.snapshot().getSchema())
        .ifPresent(
            obstacle -> {
              throw new MillraceException(
                  ExitCode.PROTECTED,
                  "Millrace can't write to the table " + path(),
                  obstacle,
                  "Undo the change of its schema; what is to be written there is kept");
            });
    sequence = log.snapshot().getLatestTransactionVersion(log.reader(), transactionId).orElse(0L);
  }

  /** Waits for checkpoint and checksum files that are still being written. */
  @Override
  public void close() {
    log.close();
  }
}
