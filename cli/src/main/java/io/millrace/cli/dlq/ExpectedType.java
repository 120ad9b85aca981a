package io.millrace.cli.dlq;

import java.util.Optional;
import org.apache.avro.Schema;

/** What a schema has at a path such as {@code order.items[].price}. */
final class ExpectedType {
  private ExpectedType() {}

  /** Empty where the schema has nothing there. */
  static Optional<Schema> at(Schema schema, String path) {
    if (path.isEmpty()) {
      return Optional.of(schema);
    }
    if (path.startsWith("[]")) {
      String rest = path.substring(2);
      return at(items(schema), rest.startsWith(".") ? rest.substring(1) : rest);
    }
    int end = end(path);
    String rest = path.substring(end);
    return fieldOf(schema, path.substring(0, end))
        .flatMap(field -> at(field.schema(), rest.startsWith(".") ? rest.substring(1) : rest));
  }

  private static Optional<Schema> at(Optional<Schema> schema, String path) {
    return schema.flatMap(s -> at(s, path));
  }

  private static int end(String path) {
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '.' || path.charAt(i) == '[') {
        return i;
      }
    }
    return path.length();
  }

  private static Optional<Schema> items(Schema schema) {
    return switch (schema.getType()) {
      case ARRAY -> Optional.of(schema.getElementType());
      case MAP -> Optional.of(schema.getValueType());
      case UNION ->
          schema.getTypes().stream().map(ExpectedType::items).flatMap(Optional::stream).findFirst();
      default -> Optional.empty();
    };
  }

  private static Optional<Schema.Field> fieldOf(Schema schema, String name) {
    return switch (schema.getType()) {
      case RECORD -> Optional.ofNullable(schema.getField(name));
      case UNION ->
          schema.getTypes().stream()
              .map(branch -> fieldOf(branch, name))
              .flatMap(Optional::stream)
              .findFirst();
      default -> Optional.empty();
    };
  }

  /** The type in a few words: its name, and its logical type or branches. */
  static String words(Schema schema) {
    if (schema.getType() == Schema.Type.UNION) {
      return schema.getTypes().stream()
          .map(ExpectedType::words)
          .reduce((a, b) -> a + " or " + b)
          .orElse("an empty union");
    }
    String type = schema.getType().getName();
    String name =
        switch (schema.getType()) {
          case RECORD, ENUM, FIXED -> type + " " + schema.getFullName();
          default -> type;
        };
    return schema.getLogicalType() == null
        ? name
        : name + " (" + schema.getLogicalType().getName() + ")";
  }
}
