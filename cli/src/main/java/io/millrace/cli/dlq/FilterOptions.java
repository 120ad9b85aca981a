package io.millrace.cli.dlq;

import io.millrace.cli.Converters;
import io.millrace.lake.deadletter.DeadLetterFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

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
      names = "--offset",
      paramLabel = "N[-M]",
      converter = OffsetsConverter.class,
      description = "At this offset, or from N to M, both included. May be repeated.")
  private List<DeadLetterFilter.Offsets> offsets = new ArrayList<>();

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
        Optional.ofNullable(from), Optional.ofNullable(to), partitions, offsets, errors, schemaIds);
  }

  /** {@code 7} or {@code 7-9}. */
  static final class OffsetsConverter implements ITypeConverter<DeadLetterFilter.Offsets> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})(?:-(\\d{1,18}))?");

    @Override
    public DeadLetterFilter.Offsets convert(String text) {
      Matcher form = FORM.matcher(text);
      if (form.matches()) {
        long first = Long.parseLong(form.group(1));
        long last = form.group(2) == null ? first : Long.parseLong(form.group(2));
        if (first <= last) {
          return new DeadLetterFilter.Offsets(first, last);
        }
      }
      throw new TypeConversionException(
          "'"
              + text
              + "' is not an offset such as 1042, or the first and the last of a range, 7-9");
    }
  }
}
