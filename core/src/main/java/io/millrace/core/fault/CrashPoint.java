package io.millrace.core.fault;

/**
 * The steps of an ingest between which it matters where a process dies, in the order in which a
 * batch reaches them.
 */
public enum CrashPoint {
  /** The driver has planned a batch. */
  PLANNED(Phase.FETCH),
  /** A task has read its ranges. */
  FETCHED(Phase.WRITE),
  /** A task's files are complete. */
  FILE_WRITTEN(Phase.FILE_TO_COMMIT),
  /** The table gets other columns. */
  DDL_BEFORE(Phase.DDL),
  /** The table has other columns. */
  DDL_AFTER(Phase.FILE_TO_COMMIT),
  /** All tasks are done; the batch is about to be committed. */
  COMMIT_BEFORE(Phase.FILE_TO_COMMIT),
  /** A commit's file is in a table's log, the committer has not heard of it. */
  COMMIT_LOGGED(Phase.DELTA_TO_SPARK),
  /** The batch is committed. */
  COMMIT_AFTER(Phase.DELTA_TO_SPARK),
  /** The table of dead letters is about to follow. */
  LETTERS_BEFORE(Phase.DEAD_LETTERS),
  /** The table of dead letters has followed. */
  LETTERS_AFTER(Phase.DELTA_TO_SPARK),
  /** Nothing is left to do for the batch but Spark's own note of it. */
  BATCH_DONE(Phase.DELTA_TO_SPARK),
  /** There was nothing to plan. */
  IDLE(Phase.IDLE);

  /** What a process does from one point to the next. */
  public enum Phase {
    START("start"),
    FETCH("fetch"),
    WRITE("write"),
    FILE_TO_COMMIT("between file and Delta commit"),
    DDL("DDL"),
    DELTA_TO_SPARK("between Delta's and Spark's commit"),
    DEAD_LETTERS("dead-letter roll-forward"),
    IDLE("idle");

    private final String text;

    Phase(String text) {
      this.text = text;
    }

    /** For people. */
    public String text() {
      return text;
    }
  }

  private final Phase phase;

  CrashPoint(Phase phase) {
    this.phase = phase;
  }

  /** What begins here. */
  public Phase phase() {
    return phase;
  }
}
