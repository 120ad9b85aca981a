package io.millrace.lake.deadletter;

import java.util.Comparator;

/**
 * What the table of dead letters says of one, but for its bytes.
 *
 * @param schemaId null where it has none
 * @param errorClass mostly one of {@link ErrorClass}; later versions may know more
 */
public record DeadLetterEntry(
    int partition,
    long offset,
    long timestampMillis,
    Integer schemaId,
    String errorClass,
    String message)
    implements Comparable<DeadLetterEntry> {
  private static final Comparator<DeadLetterEntry> BY_POSITION =
      Comparator.comparingInt(DeadLetterEntry::partition)
          .thenComparingLong(DeadLetterEntry::offset);

  /** By the place in Kafka, of which each dead letter has its own. */
  @Override
  public int compareTo(DeadLetterEntry other) {
    return BY_POSITION.compare(this, other);
  }
}
