package io.millrace.lake.verify;

/** Told how far verify is, a few times a second at most; called by several threads in turn. */
@FunctionalInterface
public interface VerifyProgress {
  /** What is being done. */
  enum Phase {
    /** Follows the ledger through the retained versions; counts versions. */
    LEDGER,
    /** Reads the dead letters; counts them. */
    DEAD_LETTERS,
    /** Reads the topic again; counts offsets. */
    TOPIC,
    /** Reads the table's rows; counts rows. */
    TABLE
  }

  /**
   * Says how far it is.
   *
   * @param done of {@code total}
   * @param total an estimate for {@link Phase#TABLE} where files lack statistics
   */
  void update(String stream, Phase phase, long done, long total);
}
