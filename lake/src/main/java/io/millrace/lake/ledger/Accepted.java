package io.millrace.lake.ledger;

import java.util.Objects;

/**
 * Offsets {@code [from, to)} of a partition that were gone from Kafka before they were ingested,
 * and that an operator has accepted as lost.
 *
 * @param at when it was accepted, ISO 8601
 * @param by who accepted it, user and host, for people
 */
public record Accepted(int partition, long from, long to, String at, String by) {
  public Accepted {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(by, "by");
    if (partition < 0 || from < 0 || to <= from) {
      throw new IllegalArgumentException(
          "Offsets %d to %d of partition %d are no loss".formatted(from, to, partition));
    }
  }

  public long offsets() {
    return to - from;
  }
}
