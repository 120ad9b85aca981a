package io.millrace.producer.file;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import org.apache.avro.LogicalType;

/** ISO 8601 text into Avro's dates, times and timestamps; what would lose digits is refused. */
final class Times {
  private static final Set<String> NAMES =
      Set.of(
          "date",
          "time-millis",
          "time-micros",
          "timestamp-millis",
          "timestamp-micros",
          "timestamp-nanos",
          "local-timestamp-millis",
          "local-timestamp-micros",
          "local-timestamp-nanos");

  private Times() {}

  static boolean isTime(LogicalType logical) {
    return NAMES.contains(logical.getName());
  }

  /** An Integer or a Long, as the type holds it. */
  static Object parse(String text, LogicalType logical, String path) throws MisfitException {
    String name = logical.getName();
    try {
      return switch (name) {
        case "date" -> Math.toIntExact(LocalDate.parse(text).toEpochDay());
        case "time-millis" -> (int) exact(LocalTime.parse(text).toNanoOfDay(), 1_000_000);
        case "time-micros" -> exact(LocalTime.parse(text).toNanoOfDay(), 1000);
        default -> timestamp(text, name);
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw new MisfitException(
          path,
          "an ISO 8601 " + name + " is needed, found \"" + text + "\" (" + e.getMessage() + ")");
    }
  }

  private static long timestamp(String text, String name) {
    Instant instant =
        name.startsWith("local-")
            ? LocalDateTime.parse(text).toInstant(ZoneOffset.UTC)
            : OffsetDateTime.parse(text).toInstant();
    long unit = name.endsWith("millis") ? 1_000_000 : name.endsWith("micros") ? 1000 : 1;
    long perSecond = 1_000_000_000 / unit;
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), perSecond), exact(instant.getNano(), unit));
  }

  private static long exact(long nanos, long unit) {
    if (nanos % unit != 0) {
      throw new ArithmeticException("it has more digits than the type");
    }
    return nanos / unit;
  }
}
