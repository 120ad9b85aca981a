package io.millrace.ingest.model;

import io.millrace.ingest.model.World.Faults;

/** Ways to get the protocol wrong. Each must be found, or else the model checks nothing. */
enum Mutant {
  NONE(Faults.NO),

  /** Knows no attempt id: after a lost answer it commits its batch again. */
  KNOWS_NO_ATTEMPT(Faults.NO.timeOuts(1)),

  /** Does not look at the ledger after a conflict: writes the same to the next version. */
  KNOWS_NO_FENCE(Faults.NO),

  /** A writer that opens again takes over whatever it finds. */
  OLDER_TAKES_BACK(Faults.NO.failures(1)),

  /** A start gives up where the writer before commits between its look and its take-over. */
  NEWER_GIVES_WAY(Faults.NO),

  /** A writer that opens again takes its own take-over, whose answer was lost, for another's. */
  FORGETS_ITS_TAKE_OVER(Faults.NO.failures(2)),

  /** Plans from where Spark's checkpoint says. */
  TRUSTS_THE_CHECKPOINT(Faults.NO),

  /** Commits what two tasks took though it leaves a gap. */
  ACCEPTS_A_GAP(Faults.NO.holds(1)),

  /** Commits dead letters to their table before the stream's own. */
  LETTERS_FIRST(Faults.NO.crashes(1)),

  /** The table of dead letters does not keep whose sequence it has. */
  LETTERS_WITHOUT_SEQUENCE(Faults.NO.timeOuts(1)),

  /** A take-over drops pending letters from the ledger before their table has them. */
  LETTERS_FORGOTTEN(Faults.NO),

  /** Marks letters as published before the brokers have them. */
  MARKS_BEFORE_IT_PUBLISHES(Faults.NO),

  /** Does not ask for the topic's id again before it commits. */
  NO_LAST_LOOK(Faults.NO.anews(1)),

  /** Leaves dead letters where they are that come again after a RESTORE. */
  LEAVES_VOID_LETTERS(Faults.NO.restores(1)),

  /** Does not look for a RESTORE at all. */
  IGNORES_RESTORES(Faults.NO.restores(1)),

  /** Does not look at the table where it has nothing to commit. */
  NEVER_IDLY_LOOKS(Faults.NO.restores(1)),

  /** Does not look for a RESTORE where its own lost commit is found. */
  IGNORES_RESTORES_BEHIND_ITS_OWN(Faults.NO.timeOuts(1).restores(1));

  private final Faults faults;

  Mutant(Faults faults) {
    this.faults = faults;
  }

  /** What has to happen, beside two writers, for it to do harm. */
  Faults faults() {
    return faults;
  }
}
