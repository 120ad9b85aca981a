package io.millrace.ingest;

import java.util.OptionalLong;

/**
 * What an operator accepts at a start that would stop the stream otherwise. Later, in the same
 * process, nothing is accepted any more.
 *
 * @param losses at most so many offsets that Kafka has no more, over all partitions of a stream;
 *     empty where none are
 * @param clock that this machine's clock is behind the one that the table was written by
 * @param generation that the stream begins anew, in a topic or log that is not the one that the
 *     table was filled from, if this becomes its generation; {@link #ANY_GENERATION}, or {@link
 *     #NO_GENERATION}
 */
public record Acceptance(OptionalLong losses, boolean clock, int generation) {
  /** The stream goes on in what its table was filled from, or not at all. */
  public static final int NO_GENERATION = 0;

  /** Whichever generation comes next. */
  public static final int ANY_GENERATION = -1;

  /** Every guard stops the stream. */
  public static final Acceptance NOTHING = new Acceptance(OptionalLong.empty(), false);

  public Acceptance {
    if (losses.orElse(1) < 1) {
      throw new IllegalArgumentException("losses must be at least 1");
    }
    if (generation < ANY_GENERATION || generation == 1) {
      throw new IllegalArgumentException("the first generation to be accepted is 2");
    }
  }

  /** No new generation. */
  public Acceptance(OptionalLong losses, boolean clock) {
    this(losses, clock, NO_GENERATION);
  }

  /** Whether this generation may begin. */
  public boolean allows(int next) {
    return generation == ANY_GENERATION || generation == next;
  }
}
