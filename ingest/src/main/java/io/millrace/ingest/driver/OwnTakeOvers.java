package io.millrace.ingest.driver;

import io.millrace.lake.ledger.Ledger;
import java.util.HashSet;
import java.util.Set;

/**
 * Which take-overs of a stream are this process's own, also where their answers were lost: who
 * opens a stream again after a failure must take neither its own for another writer's nor the
 * stream back from one that began meanwhile. One thread.
 */
final class OwnTakeOvers {
  private static final long NONE = 0;

  /** Attempts since the last one that is known to be in. */
  private final Set<String> unanswered = new HashSet<>();

  private long epoch = NONE;

  /** Before the take-over is committed. */
  void trying(Ledger takeOver) {
    unanswered.add(takeOver.attempt());
  }

  /** The take-over is in the table. */
  void done(Ledger takeOver) {
    unanswered.clear();
    epoch = takeOver.epoch();
  }

  /** Whether this process has taken the stream over before. */
  boolean any() {
    return epoch != NONE;
  }

  /** The epoch under which this process wrote last; 0 where it has not. */
  long epoch() {
    return epoch;
  }

  /** Whether what the table has now was committed by this process. */
  boolean include(Ledger found) {
    return (any() && found.epoch() == epoch) || unanswered.contains(found.attempt());
  }
}
