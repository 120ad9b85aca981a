package io.millrace.ingest.plan;

/**
 * What one Kafka partition has to offer.
 *
 * @param next the offset to go on from
 * @param end the offset after the last one that can be read, at least {@code next}
 */
public record Backlog(int partition, long next, long end) {
  public Backlog {
    if (end < next) {
      throw new IllegalArgumentException(
          "partition %d ends at %d, before %d".formatted(partition, end, next));
    }
  }

  /** Offsets that wait; an upper bound of the records. */
  public long offsets() {
    return end - next;
  }
}
