package io.millrace.lake.ledger;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** How one ledger follows on another (docs/ledger.md). */
final class Succession {
  private Succession() {}

  /**
   * What keeps this ledger from being the next one after {@code earlier}, in words; empty where
   * nothing does.
   */
  static Optional<String> contradiction(Ledger now, Ledger earlier) {
    boolean begins = now.generation() == earlier.generation() + 1;
    if (!now.stream().equals(earlier.stream())
        || (!now.topicId().equals(earlier.topicId()) && !begins)) {
      return Optional.of(
          "it is of stream %s and topic id %s, the one before of %s and %s"
              .formatted(now.stream(), now.topicId(), earlier.stream(), earlier.topicId()));
    }
    if (now.sequence() != earlier.sequence() + 1) {
      return Optional.of(
          "its sequence is %d where %d must follow"
              .formatted(now.sequence(), earlier.sequence() + 1));
    }
    if (now.epoch() < earlier.epoch()) {
      return Optional.of("its epoch fell from %d to %d".formatted(earlier.epoch(), now.epoch()));
    }
    if (begins) {
      return now.partitions().values().stream().allMatch(entry -> entry.next() == entry.first())
          ? Optional.empty()
          : Optional.of("a generation begins with offsets taken");
    }
    if (now.generation() != earlier.generation()) {
      return Optional.of(
          "its generation went from %d to %d".formatted(earlier.generation(), now.generation()));
    }
    if (!now.isTakenBack() && !Objects.equals(now.restored(), earlier.restored())) {
      return Optional.of("it has forgotten that the table was restored");
    }
    return now.isTakenBack() ? Optional.empty() : fallen(now, earlier);
  }

  /** What may not fall unless the table is restored. */
  private static Optional<String> fallen(Ledger now, Ledger earlier) {
    if (now.accepted().size() < earlier.accepted().size()
        || !now.accepted().subList(0, earlier.accepted().size()).equals(earlier.accepted())) {
      return Optional.of("it has forgotten what was accepted");
    }
    for (Map.Entry<Integer, PartitionEntry> before : earlier.partitions().entrySet()) {
      PartitionEntry was = before.getValue();
      PartitionEntry is = now.partitions().get(before.getKey());
      if (is == null) {
        return Optional.of("partition %d is missing".formatted(before.getKey()));
      }
      if (is.first() != was.first()
          || is.next() < was.next()
          || is.rows() < was.rows()
          || is.nulls() < was.nulls()
          || is.dead() < was.dead()
          || is.filtered() < was.filtered()
          || is.empty() < was.empty()
          || is.lost() < was.lost()) {
        return Optional.of("partition %d went from %s to %s".formatted(before.getKey(), was, is));
      }
    }
    return Optional.empty();
  }
}
