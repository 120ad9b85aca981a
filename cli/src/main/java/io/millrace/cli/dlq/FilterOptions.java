package io.millrace.cli.dlq;

import io.millrace.cli.Converters;
import io.millrace.lake.deadletter.DeadLetterFilter;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options that say which dead letters. */
final class FilterOptions {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = Converters.PointInTime.class,
      description = "Kafka's timestamp at or after this, such as 2026-01-31T00:00:00Z.")
  private Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = Converters.PointInTime.class,
      description = "Kafka's timestamp before this.")
  private Instant to;

  @Option(
      names = "--partition",
      paramLabel = "P",
      description = "Of this Kafka partition. May be repeated.")
  private Set<Integer> partitions = new LinkedHashSet<>();

  @Option(
      names = "--error",
      paramLabel = "CLASS",
      description = "Of this error class, such as malformed. May be repeated.")
  private Set<String> errors = new LinkedHashSet<>();

  @Option(
      names = "--schema-id",
      paramLabel = "N",
      description = "With this schema id. May be repeated.")
  private Set<Integer> schemaIds = new LinkedHashSet<>();

  DeadLetterFilter filter() {
    return new DeadLetterFilter(
        Optional.ofNullable(from), Optional.ofNullable(to), partitions, errors, schemaIds);
  }
}
