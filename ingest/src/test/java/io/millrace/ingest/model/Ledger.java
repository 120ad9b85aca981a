package io.millrace.ingest.model;

import java.util.ArrayList;
import java.util.List;

/**
 * What the model keeps of a ledger.
 *
 * @param writer the process that committed it
 * @param attempt unique to each commit
 * @param next the offset after the last one taken; the topic has one partition, from 0
 * @param restoredAt sequence of the ledger that went back because of a RESTORE; 0 for none
 */
record Ledger(
    int epoch,
    int writer,
    int sequence,
    int attempt,
    int next,
    List<Letters> pending,
    int restoredAt) {
  /** Of a stream that has committed nothing. */
  static final Ledger NONE = new Ledger(0, -1, 0, 0, 0, List.of(), 0);

  /**
   * Dead letters of one commit.
   *
   * @param offsets one bit each
   */
  record Letters(int sequence, int offsets) {}

  Ledger takenOver(int by, int newAttempt, int settled) {
    return new Ledger(epoch + 1, by, sequence + 1, newAttempt, next, after(settled), restoredAt);
  }

  /** To go on from after a RESTORE to the empty table; a take-over follows. */
  Ledger restored() {
    return new Ledger(epoch, writer, sequence, attempt, 0, List.of(), sequence + 1);
  }

  boolean isToBeTakenBack() {
    return restoredAt > sequence;
  }

  Ledger advance(int by, int newAttempt, int to, int letters, int settled) {
    List<Letters> now = new ArrayList<>(after(settled));
    if (letters != 0) {
      now.add(new Letters(sequence + 1, letters));
    }
    return new Ledger(epoch, by, sequence + 1, newAttempt, to, List.copyOf(now), restoredAt);
  }

  /** Sequence of the last pending letters; 0 where there are none. */
  int lastPending() {
    return pending.isEmpty() ? 0 : pending.get(pending.size() - 1).sequence();
  }

  /** Offsets of pending letters of commits after one. */
  int pendingAfter(int done) {
    int offsets = 0;
    for (Letters letters : pending) {
      offsets |= letters.sequence() > done ? letters.offsets() : 0;
    }
    return offsets;
  }

  private List<Letters> after(int settled) {
    return pending.stream().filter(letters -> letters.sequence() > settled).toList();
  }
}
