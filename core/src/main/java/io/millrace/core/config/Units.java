package io.millrace.core.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations, sizes and counts as people write them in the config file and on the command line.
 * Parsing throws an {@link IllegalArgumentException} whose message is what is needed instead.
 */
public final class Units {
  private static final String NUMBER = "([0-9][0-9_]*)";
  private static final Pattern DURATION = Pattern.compile(NUMBER + "\\s*(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile(NUMBER + "\\s*([A-Za-z]*)");
  private static final Pattern COUNT = Pattern.compile(NUMBER);

  private static final Map<String, Long> DURATION_MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private static final Map<String, Long> SIZE_BYTES =
      Map.of(
          "",
          1L,
          "b",
          1L,
          "kib",
          1L << 10,
          "mib",
          1L << 20,
          "gib",
          1L << 30,
          "tib",
          1L << 40,
          "kb",
          1_000L,
          "mb",
          1_000_000L,
          "gb",
          1_000_000_000L,
          "tb",
          1_000_000_000_000L);

  private Units() {}

  /** Such as {@code 500ms}, {@code 1s}, {@code 2m}, {@code 1h}, {@code PT1.5S}, or {@code 0}. */
  public static Duration duration(String text) {
    String trimmed = text.trim();
    Matcher matcher = DURATION.matcher(trimmed);
    try {
      if (matcher.matches()) {
        return Duration.ofMillis(product(matcher.group(1), DURATION_MILLIS.get(matcher.group(2))));
      }
      if (trimmed.equals("0")) {
        return Duration.ZERO;
      }
      Duration iso = Duration.parse(trimmed);
      if (!iso.isNegative()) {
        return iso;
      }
    } catch (ArithmeticException | DateTimeParseException e) {
      // Told below, in our own words.
    }
    throw new IllegalArgumentException("a duration such as 500ms, 1s, 2m, 1h or PT1.5S");
  }

  /** Bytes: {@code 1048576}, {@code 128MiB}, {@code 1GB}; letter case does not matter. */
  public static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text.trim());
    try {
      if (matcher.matches()) {
        Long unit = SIZE_BYTES.get(matcher.group(2).toLowerCase(Locale.ROOT));
        if (unit != null) {
          return product(matcher.group(1), unit);
        }
      }
    } catch (ArithmeticException e) {
      // Told below, in our own words.
    }
    throw new IllegalArgumentException("a size such as 1048576, 128MiB or 1GiB");
  }

  /** A whole number, with underscores if liked: {@code 5_000_000}. */
  public static long count(String text) {
    Matcher matcher = COUNT.matcher(text.trim());
    try {
      if (matcher.matches()) {
        return product(matcher.group(1), 1);
      }
    } catch (ArithmeticException e) {
      // Told below, in our own words.
    }
    throw new IllegalArgumentException("a whole number such as 5000000 or 5_000_000");
  }

  private static long product(String number, long unit) {
    return new BigDecimal(number.replace("_", ""))
        .multiply(BigDecimal.valueOf(unit))
        .longValueExact();
  }

  /** The shortest form that {@link #duration} reads back. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (!duration.equals(Duration.ofMillis(millis))) {
      return duration.toString();
    }
    if (millis == 0 || millis % 1_000 != 0) {
      return millis + "ms";
    }
    for (String unit : new String[] {"d", "h", "m"}) {
      long factor = DURATION_MILLIS.get(unit);
      if (millis % factor == 0) {
        return millis / factor + unit;
      }
    }
    return millis / 1_000 + "s";
  }

  /** The shortest form that {@link #bytes} reads back. */
  public static String formatBytes(long bytes) {
    String[] units = {"TiB", "GiB", "MiB", "KiB"};
    for (String unit : units) {
      long factor = SIZE_BYTES.get(unit.toLowerCase(Locale.ROOT));
      if (bytes > 0 && bytes % factor == 0) {
        return bytes / factor + unit;
      }
    }
    return Long.toString(bytes);
  }
}
