package io.millrace.lake.delta;

import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import java.util.random.RandomGenerator;

/**
 * How often a commit is tried again and how long it waits before: shortly where another writer took
 * the version (it is free to go on at once), longer and longer where the storage failed.
 */
final class CommitRetries {
  /** Waits, or returns early where the thread is interrupted. */
  @FunctionalInterface
  interface Pause {
    void millis(long millis) throws InterruptedException;
  }

  private static final int MOST_CONFLICTS = 200;
  private static final int MOST_STORAGE_FAILURES = 6;
  private static final long CONFLICT_WAIT_MILLIS = 20;
  private static final long FIRST_STORAGE_WAIT_MILLIS = 200;

  private final Pause pause;
  private final RandomGenerator random;

  CommitRetries(Pause pause, RandomGenerator random) {
    this.pause = pause;
    this.random = random;
  }

  static CommitRetries standard() {
    return new CommitRetries(Thread::sleep, RandomGenerator.getDefault());
  }

  /** Whether another writer's commit stood in the way. */
  static boolean isConflict(RuntimeException failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof ConcurrentWriteException
          || (t instanceof CommitFailedException failed && failed.isConflict())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Waits before the next attempt.
   *
   * @return false where there is to be none: too many failures, or the thread is interrupted
   */
  boolean another(int conflicts, int storageFailures) {
    if (conflicts >= MOST_CONFLICTS || storageFailures >= MOST_STORAGE_FAILURES) {
      return false;
    }
    long longest =
        storageFailures == 0
            ? CONFLICT_WAIT_MILLIS
            : FIRST_STORAGE_WAIT_MILLIS << (storageFailures - 1);
    try {
      pause.millis(longest / 2 + random.nextLong(longest / 2 + 1));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
