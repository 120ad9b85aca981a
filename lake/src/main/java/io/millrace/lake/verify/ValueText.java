package io.millrace.lake.verify;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Values as people read them; two long ones are cut so that their difference shows. */
final class ValueText {
  /** A UUID and a time fit whole. */
  private static final int MOST = 60;

  /** So much that is equal is shown before the first difference. */
  private static final int BEFORE = 20;

  private ValueText() {}

  /**
   * @param value null, Boolean, Number (days for dates, microseconds for timestamps), String,
   *     byte[]; of a struct or a list a List of such, of a map one of Map.Entry by String, in any
   *     order
   */
  static String of(ColumnType type, Object value) {
    if (value == null) {
      return "null";
    }
    return switch (type.kind()) {
      case BOOLEAN, INT, LONG, FLOAT, DOUBLE -> value.toString();
      case DECIMAL -> ((BigDecimal) value).toPlainString();
      case DATE -> LocalDate.ofEpochDay(((Number) value).longValue()).toString();
      case TIMESTAMP ->
          Instant.EPOCH.plus(((Number) value).longValue(), ChronoUnit.MICROS).toString();
      case TIMESTAMP_NTZ ->
          Instant.EPOCH
              .plus(((Number) value).longValue(), ChronoUnit.MICROS)
              .atOffset(ZoneOffset.UTC)
              .toLocalDateTime()
              .toString();
      case STRING -> quoted((String) value);
      case BINARY -> "0x" + HexFormat.of().formatHex((byte[]) value);
      case STRUCT -> struct(type, (List<?>) value);
      case LIST ->
          ((List<?>) value)
              .stream()
                  .map(item -> of(type.element(), item))
                  .collect(Collectors.joining(", ", "[", "]"));
      case MAP ->
          ((List<?>) value)
              .stream()
                  .map(Map.Entry.class::cast)
                  .map(
                      entry ->
                          quoted((String) entry.getKey())
                              + ": "
                              + of(type.mapValue(), entry.getValue()))
                  .sorted()
                  .collect(Collectors.joining(", ", "{", "}"));
    };
  }

  /** Members that are null are left out. */
  private static String struct(ColumnType type, List<?> members) {
    StringJoiner text = new StringJoiner(", ", "{", "}");
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i) != null) {
        Column member = type.members().get(i);
        text.add(member.name() + ": " + of(member.type(), members.get(i)));
      }
    }
    return text.toString();
  }

  private static String quoted(String value) {
    StringBuilder text = new StringBuilder(value.length() + 2).append('"');
    value
        .codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                text.append("\\u%04x".formatted(c));
              } else {
                text.appendCodePoint(c);
              }
            });
    return text.append('"').toString();
  }

  /** {@code text} cut to what is around its first difference from {@code other}. */
  static String cut(String text, String other) {
    if (text.length() <= MOST) {
      return text;
    }
    int same = 0;
    while (same < text.length()
        && same < other.length()
        && text.charAt(same) == other.charAt(same)) {
      same++;
    }
    int from = Math.max(0, Math.min(same - BEFORE, text.length() - MOST));
    int to = Math.min(text.length(), from + MOST);
    return (from > 0 ? "..." : "")
        + text.substring(from, to)
        + (to < text.length() ? "..." : "")
        + " (%d characters)".formatted(text.length());
  }
}
