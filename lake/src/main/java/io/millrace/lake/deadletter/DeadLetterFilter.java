package io.millrace.lake.deadletter;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which dead letters are meant; all of it must hold. No I/O.
 *
 * @param from Kafka's timestamp at or after this
 * @param to Kafka's timestamp before this
 * @param partitions one of them; empty for any
 * @param offsets in one of these; empty for any
 * @param errors classes in upper case, one of them; empty for any
 * @param schemaIds one of them; empty for any
 */
public record DeadLetterFilter(
    Optional<Instant> from,
    Optional<Instant> to,
    Set<Integer> partitions,
    List<Offsets> offsets,
    Set<String> errors,
    Set<Integer> schemaIds) {
  /** All of them. */
  public static final DeadLetterFilter ALL =
      new DeadLetterFilter(
          Optional.empty(), Optional.empty(), Set.of(), List.of(), Set.of(), Set.of());

  /** First and last of some offsets. */
  public record Offsets(long first, long last) {
    boolean contain(long offset) {
      return first <= offset && offset <= last;
    }
  }

  public DeadLetterFilter {
    partitions = Set.copyOf(partitions);
    offsets = List.copyOf(offsets);
    errors =
        errors.stream()
            .map(error -> error.toUpperCase(Locale.ROOT).replace('-', '_'))
            .collect(Collectors.toUnmodifiableSet());
    schemaIds = Set.copyOf(schemaIds);
  }

  public boolean matches(DeadLetterEntry entry) {
    return (from.isEmpty() || entry.timestampMillis() >= from.get().toEpochMilli())
        && (to.isEmpty() || entry.timestampMillis() < to.get().toEpochMilli())
        && (partitions.isEmpty() || partitions.contains(entry.partition()))
        && (offsets.isEmpty() || offsets.stream().anyMatch(o -> o.contain(entry.offset())))
        && (errors.isEmpty() || errors.contains(entry.errorClass()))
        && (schemaIds.isEmpty()
            || (entry.schemaId() != null && schemaIds.contains(entry.schemaId())));
  }
}
