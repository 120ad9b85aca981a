package io.millrace.cli.schema;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Avro schemas and values in a few words. */
final class SchemaWords {
  private SchemaWords() {}

  /** Such as {@code long}, {@code timestamp-millis}, {@code array of string}, {@code null or E}. */
  static String type(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      return "decimal(%d,%d) in %s"
          .formatted(decimal.getPrecision(), decimal.getScale(), plain(schema));
    }
    return logical == null ? plain(schema) : logical.getName();
  }

  private static String plain(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM -> schema.getType().getName() + " " + schema.getFullName();
      case FIXED -> "fixed(%d) %s".formatted(schema.getFixedSize(), schema.getFullName());
      case ARRAY -> "array of " + type(schema.getElementType());
      case MAP -> "map of " + type(schema.getValueType());
      case UNION ->
          schema.getTypes().stream().map(SchemaWords::type).collect(Collectors.joining(" or "));
      default -> schema.getType().getName();
    };
  }

  /** The field's default as JSON; {@code no default} where it has none. */
  static String defaultOf(Schema.Field field) {
    return field.hasDefaultValue() ? json(field.defaultVal()) : "no default";
  }

  private static String json(Object value) {
    if (value == null || value == JsonProperties.NULL_VALUE) {
      return "null";
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> json(e.getKey()) + ": " + json(e.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SchemaWords::json).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof byte[] bytes) {
      return json(new String(bytes, StandardCharsets.ISO_8859_1));
    }
    return value instanceof CharSequence text
        ? "\"" + text.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\""
        : String.valueOf(value);
  }
}
