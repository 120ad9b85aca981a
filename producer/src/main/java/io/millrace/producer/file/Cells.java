package io.millrace.producer.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.core.error.JsonErrors;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;

/**
 * A CSV cell into an Avro value: text becomes the JSON value that the type asks for. An empty cell
 * is null where the field is nullable; records, arrays and maps are JSON within the cell.
 */
final class Cells {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,19}");

  private Cells() {}

  static Object convert(String cell, Schema schema, String path) throws MisfitException {
    return switch (schema.getType()) {
      case UNION -> union(cell, schema, path);
      case NULL -> {
        if (!cell.isEmpty()) {
          throw new MisfitException(path, "nothing is needed, found \"" + cell + "\"");
        }
        yield null;
      }
      case RECORD, ARRAY, MAP -> JsonToAvro.convert(json(cell, path), schema, path);
      default -> Scalars.convert(scalar(cell, schema), schema, path);
    };
  }

  private static Object union(String cell, Schema union, String path) throws MisfitException {
    List<Schema> branches = union.getTypes();
    if (cell.isEmpty() && branches.stream().anyMatch(b -> b.getType() == Schema.Type.NULL)) {
      return null;
    }
    MisfitException first = null;
    for (Schema branch : branches) {
      try {
        return convert(cell, branch, path);
      } catch (MisfitException e) {
        first = first == null && branch.getType() != Schema.Type.NULL ? e : first;
      }
    }
    throw first == null ? new MisfitException(path, "\"" + cell + "\" fits no branch") : first;
  }

  private static JsonNode scalar(String cell, Schema schema) {
    LogicalType logical = schema.getLogicalType();
    String trimmed = cell.strip();
    if (logical != null && Times.isTime(logical)) {
      return DIGITS.matcher(trimmed).matches() ? number(trimmed) : TextNode.valueOf(trimmed);
    }
    return switch (schema.getType()) {
      case BOOLEAN ->
          trimmed.equalsIgnoreCase("true") || trimmed.equalsIgnoreCase("false")
              ? BooleanNode.valueOf(trimmed.equalsIgnoreCase("true"))
              : TextNode.valueOf(cell);
      case INT, LONG, FLOAT, DOUBLE -> number(trimmed);
      default -> TextNode.valueOf(cell);
    };
  }

  /** Text that is no number stays text, which the type then refuses or knows (NaN). */
  private static JsonNode number(String text) {
    try {
      return DecimalNode.valueOf(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return TextNode.valueOf(text);
    }
  }

  private static JsonNode json(String cell, String path) throws MisfitException {
    try {
      return JSON.readTree(cell);
    } catch (JsonProcessingException e) {
      throw new MisfitException(path, "no valid JSON: " + JsonErrors.reason(e));
    }
  }
}
