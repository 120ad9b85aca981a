package io.millrace.lake.verify;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.ColumnType.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Values as {@link ValueText} takes them: fitted to a column, and hashed as {@link RowHasher}. */
final class PlainValues {
  private PlainValues() {}

  /**
   * The value as a column of the table holds it: members of structs by name, null where there is no
   * such member.
   *
   * @param from the type that the value is of
   * @throws UnstorableValueException where the column can't hold it
   */
  static Object as(ColumnType to, ColumnType from, Object value, String path) {
    if (value == null || to.equals(from)) {
      return value;
    }
    if (to.kind() != from.kind()
        || to.precision() != from.precision()
        || to.scale() != from.scale()) {
      throw new UnstorableValueException(
          path, "a value of type " + from + " for a column of type " + to);
    }
    return switch (to.kind()) {
      case STRUCT -> struct(to, from, (List<?>) value, path);
      case LIST -> {
        List<Object> items = new ArrayList<>();
        ((List<?>) value).forEach(i -> items.add(as(to.element(), from.element(), i, path + "[]")));
        yield items;
      }
      case MAP -> {
        List<Map.Entry<Object, Object>> entries = new ArrayList<>();
        for (Object one : (List<?>) value) {
          Map.Entry<?, ?> entry = (Map.Entry<?, ?>) one;
          Object fitted = as(to.mapValue(), from.mapValue(), entry.getValue(), path + "[]");
          entries.add(new SimpleEntry<>(entry.getKey(), fitted));
        }
        yield entries;
      }
      default -> value;
    };
  }

  private static Object struct(ColumnType to, ColumnType from, List<?> members, String path) {
    List<String> names = to.members().stream().map(Column::name).toList();
    Object[] fitted = new Object[names.size()];
    for (int i = 0; i < members.size(); i++) {
      Column member = from.members().get(i);
      int place = names.indexOf(member.name());
      String inner = path + "." + member.name();
      if (place >= 0) {
        fitted[place] = as(to.members().get(place).type(), member.type(), members.get(i), inner);
      } else if (members.get(i) != null) {
        throw new UnstorableValueException(inner, "the table has no column for it");
      }
    }
    return Arrays.asList(fitted);
  }

  static long hash(ColumnType type, Object value) {
    if (value == null) {
      return ValueHash.NULL;
    }
    return switch (type.kind()) {
      case BOOLEAN -> ValueHash.value((Boolean) value ? 1L : 0L);
      case INT, DATE, LONG, TIMESTAMP, TIMESTAMP_NTZ ->
          ValueHash.value(((Number) value).longValue());
      case FLOAT -> ValueHash.value(((Number) value).floatValue());
      case DOUBLE -> ValueHash.value(((Number) value).doubleValue());
      case STRING -> text((String) value);
      case BINARY -> FlatValues.hashBytes((byte[]) value);
      case DECIMAL -> ValueHash.value(((BigDecimal) value).setScale(type.scale()).unscaledValue());
      case STRUCT, LIST -> parts(type, (List<?>) value);
      case MAP -> {
        long sum = 0;
        for (Object one : (List<?>) value) {
          Map.Entry<?, ?> entry = (Map.Entry<?, ?>) one;
          sum +=
              ValueHash.entry(
                  text((String) entry.getKey()), hash(type.mapValue(), entry.getValue()));
        }
        yield ValueHash.map(((List<?>) value).size(), sum);
      }
    };
  }

  private static long parts(ColumnType type, List<?> parts) {
    boolean struct = type.kind() == Kind.STRUCT;
    long hash = struct ? ValueHash.STRUCT : ValueHash.list(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      ColumnType part = struct ? type.members().get(i).type() : type.element();
      hash = ValueHash.of(hash, i, hash(part, parts.get(i)));
    }
    return hash;
  }

  private static long text(String value) {
    return FlatValues.hashBytes(value.getBytes(StandardCharsets.UTF_8));
  }
}
