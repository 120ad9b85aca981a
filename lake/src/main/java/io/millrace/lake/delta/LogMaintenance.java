package io.millrace.lake.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.CheckpointAlreadyExistsException;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.hook.PostCommitHook.PostCommitHookType;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes checksum and checkpoint files and removes expired log files, in a thread of its own: none
 * of it may hold up a batch, and none of it is needed for a commit to count. A failure is logged
 * and made good by the next round. At most one round waits; what comes meanwhile is folded into it.
 */
final class LogMaintenance implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogMaintenance.class);

  private static final String CHECKPOINT_INTERVAL = "delta.checkpointInterval";

  /** Delta's default (delta.io, table properties). */
  private static final int DEFAULT_CHECKPOINT_INTERVAL = 10;

  private static final long CLOSE_WAIT_SECONDS = 120;
  private static final long NEVER = Long.MIN_VALUE / 2;

  /** One round: a step that writes the newest version's checksum, and whether to checkpoint. */
  private record Round(Step checksum, boolean checkpoint) {
    Round then(Round newer) {
      return new Round(newer.checksum, checkpoint || newer.checkpoint);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private final Engine engine;
  private final String path;
  private final LogCleanup cleanup;
  private final AtomicReference<Round> waiting = new AtomicReference<>();
  private final AtomicReference<Snapshot> reread = new AtomicReference<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread maintenance = new Thread(task, "delta-log-maintenance");
            maintenance.setDaemon(true);
            return maintenance;
          });

  /** Version of the last checkpoint, asked for or written; {@link #NEVER} after a failure. */
  private volatile long lastCheckpoint;

  LogMaintenance(Engine engine, Snapshot opened) {
    this.engine = engine;
    this.path = opened.getPath();
    this.cleanup = new LogCleanup(engine, path);
    this.lastCheckpoint = opened.getLogSegment().getCheckpointVersionOpt().orElse(0L);
  }

  /** Notes what is to be done after a commit; returns at once. */
  void afterCommit(TransactionCommitResult result, Snapshot snapshot) {
    boolean checkpoint = snapshot.getVersion() - lastCheckpoint >= checkpointInterval(snapshot);
    for (PostCommitHook hook : result.getPostCommitHooks()) {
      if (hook.getType() == PostCommitHookType.CHECKSUM_SIMPLE) {
        submit(new Round(() -> hook.threadSafeInvoke(engine), checkpoint));
      } else if (hook.getType() == PostCommitHookType.CHECKSUM_FULL) {
        submit(new Round(() -> writeMissing(hook), checkpoint));
      } else {
        continue;
      }
      if (checkpoint) {
        // Not only once it is written: the commits until then would ask for another one each.
        lastCheckpoint = snapshot.getVersion();
        checkpoint = false;
      }
    }
  }

  /**
   * The table at the same version as {@code kept}, read anew after a checkpoint or a checksum file
   * was written: its list of log files is short and its checksum is there, so that commits need no
   * look through the log. {@code kept} itself where there is nothing better.
   */
  Snapshot newest(Snapshot kept) {
    Snapshot read = reread.getAndSet(null);
    return read != null && read.getVersion() == kept.getVersion() ? read : kept;
  }

  private void writeMissing(PostCommitHook fullChecksum) throws IOException {
    fullChecksum.threadSafeInvoke(engine);
    readAgain();
  }

  private void readAgain() {
    Snapshot latest = TableManager.loadSnapshot(path).build(engine);
    if (latest.getCurrentCrcInfo().isPresent()) {
      reread.set(latest);
    }
  }

  private void submit(Round round) {
    if (waiting.getAndAccumulate(round, (old, now) -> old == null ? now : old.then(now)) == null) {
      thread.execute(this::runWaiting);
    }
  }

  private void runWaiting() {
    Round round = waiting.getAndSet(null);
    attempt("checksum", round.checksum);
    if (round.checkpoint) {
      if (!attempt("checkpoint", this::checkpoint)) {
        lastCheckpoint = NEVER;
      }
      attempt("clean-up", cleanup::run);
    }
  }

  private boolean attempt(String what, Step step) {
    try {
      step.run();
      return true;
    } catch (IOException | RuntimeException e) {
      log.atWarn()
          .addKeyValue("table", path)
          .addKeyValue("step", what)
          .setCause(e)
          .log(
              "log maintenance failed; the table is complete without it, the next round tries again");
      return false;
    }
  }

  /**
   * Kernel removes expired log files only after the checkpoint of a snapshot that was loaded as the
   * latest one; its own checkpoint hook loads a given version and so removes none.
   */
  private void checkpoint() throws IOException {
    Snapshot latest = TableManager.loadSnapshot(path).build(engine);
    try {
      latest.writeCheckpoint(engine);
    } catch (CheckpointAlreadyExistsException e) {
      log.atDebug().addKeyValue("table", path).log("another writer made the checkpoint");
    }
    readAgain();
  }

  private static long checkpointInterval(Snapshot snapshot) {
    String interval = snapshot.getTableProperties().get(CHECKPOINT_INTERVAL);
    return interval == null ? DEFAULT_CHECKPOINT_INTERVAL : Long.parseLong(interval.strip());
  }

  /** Waits for the rounds that are left. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
        log.atWarn().addKeyValue("table", path).log("log maintenance did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
