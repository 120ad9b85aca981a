package io.millrace.producer.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/**
 * JSON as people write it into Avro values. A union's value stands plain or in Avro's tagged form
 * ({@code {"string": "x"}}); plain, the first branch that it fits is taken. A field that the schema
 * does not know is an error, a missing one takes its default or is an error.
 */
final class JsonToAvro {
  private JsonToAvro() {}

  /**
   * @param path of the value, for messages
   */
  static Object convert(JsonNode node, Schema schema, String path) throws MisfitException {
    return switch (schema.getType()) {
      case RECORD -> record(node, schema, path);
      case ARRAY -> array(node, schema, path);
      case MAP -> map(node, schema, path);
      case UNION -> union(node, schema, path);
      default -> Scalars.convert(node, schema, path);
    };
  }

  private static Object record(JsonNode node, Schema schema, String path) throws MisfitException {
    if (!node.isObject()) {
      throw new MisfitException(path, "an object is needed, found " + shown(node));
    }
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (schema.getField(name) == null) {
        throw new MisfitException(
            path, "the field " + name + " is not in the schema " + schema.getFullName());
      }
    }
    GenericData.Record record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      JsonNode value = node.get(field.name());
      if (value != null) {
        record.put(field.pos(), convert(value, field.schema(), join(path, field.name())));
      } else if (field.hasDefaultValue()) {
        record.put(field.pos(), GenericData.get().getDefaultValue(field));
      } else {
        throw new MisfitException(
            join(path, field.name()), "the field is missing and has no default");
      }
    }
    return record;
  }

  private static Object array(JsonNode node, Schema schema, String path) throws MisfitException {
    if (!node.isArray()) {
      throw new MisfitException(path, "an array is needed, found " + shown(node));
    }
    List<Object> items = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      items.add(convert(node.get(i), schema.getElementType(), path + "[" + i + "]"));
    }
    return items;
  }

  private static Object map(JsonNode node, Schema schema, String path) throws MisfitException {
    if (!node.isObject()) {
      throw new MisfitException(path, "an object is needed, found " + shown(node));
    }
    Map<String, Object> map = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      map.put(
          entry.getKey(),
          convert(entry.getValue(), schema.getValueType(), path + "{" + entry.getKey() + "}"));
    }
    return map;
  }

  private static Object union(JsonNode node, Schema schema, String path) throws MisfitException {
    MisfitException first = null;
    if (node.isObject() && node.size() == 1) {
      Map.Entry<String, JsonNode> only = node.properties().iterator().next();
      for (Schema branch : schema.getTypes()) {
        if (branch.getFullName().equals(only.getKey())) {
          try {
            return convert(only.getValue(), branch, path);
          } catch (MisfitException e) {
            // It may still be a plain map or record with a field of that name.
            first = e;
          }
        }
      }
    }
    for (Schema branch : schema.getTypes()) {
      try {
        return convert(node, branch, path);
      } catch (MisfitException e) {
        first = first == null && branch.getType() != Schema.Type.NULL ? e : first;
      }
    }
    throw first == null || schema.getTypes().size() > 2
        ? new MisfitException(path, shown(node) + " fits no branch of " + branchNames(schema))
        : first;
  }

  private static List<String> branchNames(Schema union) {
    return union.getTypes().stream().map(Schema::getFullName).toList();
  }

  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** The value as it stands in a message: at most 80 characters. */
  static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
