package io.millrace.lake.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.TableNotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of one table's log: writes version after version, each after as many attempts as it
 * takes. The snapshot after each commit is kept, so that a commit costs the same however long the
 * log is. One thread.
 */
final class CommitLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CommitLoop.class);

  /** Commits, and remembers its last commit. */
  private final Engine committer;

  /** Reads what is there now. */
  private final Engine reader;

  private final Configuration hadoop;
  private final String path;
  private final LogMaintenance maintenance;
  private final CommitRetries retries;
  private Snapshot snapshot;

  private CommitLoop(
      Configuration hadoop, Engine reader, Snapshot snapshot, CommitRetries retries) {
    this.committer = DefaultEngine.create(new LastCommitIO(hadoop));
    this.reader = reader;
    this.hadoop = hadoop;
    this.path = snapshot.getPath();
    this.snapshot = snapshot;
    this.retries = retries;
    this.maintenance = new LogMaintenance(reader, snapshot);
  }

  /** Opens the table at its latest version; empty where there is none at that path. */
  static Optional<CommitLoop> open(String path, Configuration hadoop, CommitRetries retries) {
    String qualified = TableCreation.qualify(path, hadoop);
    Engine engine = DefaultEngine.create(hadoop);
    try {
      Snapshot snapshot = TableManager.loadSnapshot(qualified).build(engine);
      DeltaSchema.requireNoColumnMapping(qualified, snapshot.getTableProperties());
      return Optional.of(new CommitLoop(hadoop, engine, snapshot, retries));
    } catch (TableNotFoundException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      throw LakeErrors.unreadable(qualified, e);
    }
  }

  /** Goes on from the commit that created the table. */
  static CommitLoop after(
      TransactionCommitResult created, Configuration hadoop, Engine reader, CommitRetries retries) {
    Snapshot snapshot = created.getPostCommitSnapshot().orElseThrow();
    log.atInfo().addKeyValue("table", snapshot.getPath()).log("created the table");
    CommitLoop loop = new CommitLoop(hadoop, reader, snapshot, retries);
    loop.maintenance.afterCommit(created, snapshot);
    return loop;
  }

  /** Absolute path with scheme. */
  String path() {
    return path;
  }

  /** The latest version that this object knows. */
  Snapshot snapshot() {
    return snapshot;
  }

  /** For attempts to commit by. */
  Engine committer() {
    return committer;
  }

  /** For looking into what is there. */
  Engine reader() {
    return reader;
  }

  /**
   * Writes one version.
   *
   * @param what for the log
   * @param attempt writes the version after {@link #snapshot}
   * @param alreadyIn asked after the table was read again: whether nothing is left to do
   * @return the version that holds it
   */
  long commit(String what, Supplier<TransactionCommitResult> attempt, BooleanSupplier alreadyIn) {
    snapshot = maintenance.newest(snapshot);
    for (int conflicts = 0, storageFailures = 0; ; ) {
      long version = snapshot.getVersion() + 1;
      RuntimeException failure;
      try {
        TransactionCommitResult result = attempt.get();
        snapshot = result.getPostCommitSnapshot().orElseThrow();
        maintenance.afterCommit(result, snapshot);
        return result.getVersion();
      } catch (RuntimeException e) {
        failure = e;
      }
      boolean conflict = CommitRetries.isConflict(failure);
      if (!conflict && !LakeErrors.isStorage(failure)) {
        throw LakeErrors.unwritable(path, failure);
      }
      log.atInfo()
          .addKeyValue("table", path)
          .addKeyValue("version", version)
          .addKeyValue("what", what)
          .addKeyValue("cause", failure.toString())
          .log("commit did not go through at once, reading the table again");
      storageFailures = reload(conflict ? storageFailures : storageFailures + 1);
      if (alreadyIn.getAsBoolean()) {
        return version;
      }
      conflicts = conflict ? conflicts + 1 : conflicts;
      if (!retries.another(conflicts, storageFailures)) {
        throw LakeErrors.storage("The table " + path + " can't be written", failure);
      }
    }
  }

  /** Reads the table again where somebody has committed since; whether that is so. */
  boolean catchUp() {
    Path next = new Path(path, "_delta_log/%020d.json".formatted(snapshot.getVersion() + 1));
    try {
      if (!next.getFileSystem(hadoop).exists(next)) {
        return false;
      }
    } catch (IOException e) {
      throw LakeErrors.storage("The log of table " + path + " can't be read", e);
    }
    reload(0);
    return true;
  }

  /**
   * Reads the table's latest version, as often as storage failures are borne.
   *
   * @param storageFailures seen before
   * @return storage failures seen by now
   */
  private int reload(int storageFailures) {
    for (int failures = storageFailures; ; failures++) {
      try {
        snapshot = TableManager.loadSnapshot(path).build(reader);
        return failures;
      } catch (RuntimeException e) {
        if (!LakeErrors.isStorage(e) || !retries.another(0, failures + 1)) {
          throw LakeErrors.unreadable(path, e);
        }
      }
    }
  }

  /** Waits for checkpoint and checksum files that are still being written. */
  @Override
  public void close() {
    maintenance.close();
  }
}
