package io.millrace.lake.deadletter;

import io.millrace.lake.ledger.Fate;
import java.util.Comparator;
import java.util.Optional;

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

  /** With the error of now, where a redrive has found another one than there was at first. */
  public DeadLetterEntry by(Optional<Fate> fate) {
    return fate.isEmpty() || fate.get().kind() != Fate.Kind.STAYED
        ? this
        : new DeadLetterEntry(
            partition, offset, timestampMillis, schemaId, fate.get().error(), fate.get().reason());
  }
}
