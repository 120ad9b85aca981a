package io.millrace.ingest;

import java.util.OptionalLong;

/**
 * What an operator accepts at a start that would stop the stream otherwise. Later, in the same
 * process, nothing is accepted any more.
 *
 * @param losses at most so many offsets that Kafka has no more, over all partitions of a stream;
 *     empty where none are
 * @param clock that this machine's clock is behind the one that the table was written by
 */
public record Acceptance(OptionalLong losses, boolean clock) {
  /** Every guard stops the stream. */
  public static final Acceptance NOTHING = new Acceptance(OptionalLong.empty(), false);

  public Acceptance {
    if (losses.orElse(1) < 1) {
      throw new IllegalArgumentException("losses must be at least 1");
    }
  }
}
