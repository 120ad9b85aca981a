package io.millrace.cli.schema;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** Why data of one schema can't be read by another one, by Avro's own rules. */
final class Readability {
  private Readability() {}

  /** Empty where all can be read. */
  static List<String> problems(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities()
        .stream()
        .map(problem -> path(reader, problem.getLocation()) + words(problem))
        .distinct()
        .toList();
  }

  private static String words(Incompatibility problem) {
    String message = problem.getMessage();
    return switch (problem.getType()) {
      case READER_FIELD_MISSING_DEFAULT_VALUE ->
          "has no default, and the writer does not have the field";
      case MISSING_ENUM_SYMBOLS -> "lacks the enum symbols " + message;
      case NAME_MISMATCH -> "has another name: " + message;
      case FIXED_SIZE_MISMATCH -> "has another size: " + message;
      case MISSING_UNION_BRANCH, TYPE_MISMATCH -> message;
    };
  }

  /** {@code field a.b: } for {@code /fields/1/type/fields/0}, which is a place in the reader. */
  private static String path(Schema reader, String location) {
    StringBuilder path = new StringBuilder();
    Schema at = reader;
    String[] steps = location.split("/");
    for (int i = 1; i < steps.length; i++) {
      String step = steps[i];
      if (step.equals("fields") && i + 1 < steps.length) {
        Schema.Field field = at.getFields().get(Integer.parseInt(steps[++i]));
        path.append(path.isEmpty() ? "" : ".").append(field.name());
        at = field.schema();
      } else if (step.equals("items")) {
        path.append("[]");
        at = at.getElementType();
      } else if (step.equals("values")) {
        path.append("{}");
        at = at.getValueType();
      } else if (at.getType() == Schema.Type.UNION && step.matches("\\d+")) {
        at = at.getTypes().get(Integer.parseInt(step));
      }
    }
    return path.isEmpty() ? "" : "field " + path + ": ";
  }
}
