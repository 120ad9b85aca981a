package io.millrace.ingest.model;

/**
 * One ingest process.
 *
 * @param process number of the process: another one after each crash
 * @param opening whether it opens its stream, or is in a batch
 */
record Writer(
    int process,
    At at,
    boolean opening,
    Known known,
    Batch batch,
    Ledger candidate,
    Put put,
    Answer answer) {
  /** Where it stands. */
  enum At {
    DOWN,
    READ_TABLE,
    LOOK_AT_LETTERS,
    ROLL_LETTERS_FORWARD,
    PUBLISH,
    MARK,
    TAKE_OVER,
    OPENED,
    PLAN,
    FIRST_TASK,
    SECOND_TASK,
    LAST_LOOK,
    COMMIT,
    LOOK_AGAIN,
    STOPPED
  }

  /** What the storage has done of its put. */
  enum Answer {
    NONE,
    IN_FLIGHT,
    DONE,
    REFUSED
  }

  /**
   * What it remembers; gone with the process.
   *
   * @param epoch under which it has written; 0 before
   * @param attempts how many it has made up
   * @param base the ledger that it goes on from
   * @param version of the table, as it knows it
   * @param unseen whether the table was read again without a look at what others did
   */
  record Known(
      int epoch,
      int attempts,
      Ledger base,
      int version,
      boolean unseen,
      int letterVersion,
      int letterSequence) {
    static final Known NOTHING = new Known(0, 0, Ledger.NONE, 0, false, 0, 0);

    Known table(Ledger ledger, int newVersion, boolean nowUnseen) {
      return new Known(
          epoch, attempts, ledger, newVersion, nowUnseen, letterVersion, letterSequence);
    }

    Known letters(int newVersion, int sequence) {
      return new Known(epoch, attempts, base, version, unseen, newVersion, sequence);
    }

    Known trying() {
      return new Known(epoch, attempts + 1, base, version, unseen, letterVersion, letterSequence);
    }

    Known took(int newEpoch) {
      return new Known(newEpoch, attempts, base, version, unseen, letterVersion, letterSequence);
    }
  }

  /** A plan, and what the tasks have taken of it so far. */
  record Batch(int from, int to, int rows, int letters, boolean otherTopic) {
    static final Batch NONE = new Batch(0, 0, 0, 0, false);

    int taken() {
      return rows | letters;
    }
  }

  static Writer down(int process) {
    return new Writer(process, At.DOWN, false, Known.NOTHING, Batch.NONE, null, null, Answer.NONE);
  }

  Writer goTo(At next) {
    return new Writer(process, next, opening, known, batch, candidate, put, answer);
  }

  Writer opens() {
    return new Writer(process, At.READ_TABLE, true, known, Batch.NONE, null, null, Answer.NONE);
  }

  Writer with(Known now) {
    return new Writer(process, at, opening, now, batch, candidate, put, answer);
  }

  Writer with(Batch now) {
    return new Writer(process, at, opening, known, now, candidate, put, answer);
  }

  Writer with(Ledger wanted) {
    return new Writer(process, at, opening, known, batch, wanted, put, answer);
  }

  Writer asks(Put asked) {
    return new Writer(process, at, opening, known, batch, candidate, asked, Answer.IN_FLIGHT);
  }

  Writer answered(Answer now) {
    return new Writer(process, at, opening, known, batch, candidate, put, now);
  }

  Writer heard() {
    return new Writer(process, at, opening, known, batch, candidate, null, Answer.NONE);
  }

  /** In no batch. */
  Writer idle() {
    return new Writer(process, At.PLAN, false, known, Batch.NONE, null, null, Answer.NONE);
  }
}
