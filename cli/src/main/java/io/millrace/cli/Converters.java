package io.millrace.cli;

import io.millrace.core.config.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers, durations, sizes and times on the command line, written as in the config file. */
public final class Converters {
  private Converters() {}

  public static final class Count implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return convertWith(Units::count, text);
    }
  }

  static final class Bytes implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return convertWith(Units::bytes, text);
    }
  }

  static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return convertWith(Units::duration, text);
    }
  }

  public static final class PointInTime implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeParseException e) {
        throw new TypeConversionException(
            "'" + text + "' is not a time such as 2026-01-31T00:00:00Z");
      }
    }
  }

  /** An enum's constants in lower case with dashes. */
  abstract static class OneOf<E extends Enum<E>> implements ITypeConverter<E> {
    private final Class<E> type;

    OneOf(Class<E> type) {
      this.type = type;
    }

    @Override
    public E convert(String text) {
      List<String> names = new ArrayList<>();
      for (E constant : type.getEnumConstants()) {
        String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (name.equals(text)) {
          return constant;
        }
        names.add(name);
      }
      throw new TypeConversionException("'" + text + "' is not one of " + String.join(", ", names));
    }
  }

  private static <T> T convertWith(Function<String, T> parse, String text) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "' is not " + e.getMessage());
    }
  }
}
