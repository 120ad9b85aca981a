package io.millrace.embedded.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.registry.ReferencedTypes;
import io.millrace.core.registry.SchemaText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/** Reads Avro schemas, with the references they need, and prints them in one form. */
final class AvroText {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The order in which Avro itself prints a schema's own keys. */
  private static final List<String> OWN_KEYS =
      List.of(
          "type",
          "name",
          "namespace",
          "doc",
          "fields",
          "symbols",
          "items",
          "values",
          "size",
          "default",
          "order",
          "aliases");

  /** Where nested schemas stand; everything else in a schema is a plain value. */
  private static final Set<String> NESTED = Set.of("type", "fields", "items", "values");

  private AvroText() {}

  /**
   * @param source finds a referenced schema; throws where there is none
   * @throws SchemaParseException where the text is no valid schema, defaults included
   */
  static Schema parse(SchemaText schema, Function<SchemaText.Reference, SchemaText> source) {
    return types(source).parse(schema);
  }

  /**
   * The text under which a schema is stored and compared: names that references give stay names.
   */
  static String canonical(
      SchemaText schema, Schema parsed, Function<SchemaText.Reference, SchemaText> source) {
    ReferencedTypes types = types(source);
    types.add(schema.references());
    return types.text(parsed);
  }

  /** As {@link #canonical}, with the order of keys no longer differing either. */
  static String normalized(String canonical) {
    try {
      return JSON.writeValueAsString(sorted(JSON.readTree(canonical)));
    } catch (JsonProcessingException e) {
      throw new SchemaParseException(e);
    }
  }

  private static ReferencedTypes types(Function<SchemaText.Reference, SchemaText> source) {
    return new ReferencedTypes(source, true);
  }

  private static JsonNode sorted(JsonNode schema) {
    if (schema instanceof ArrayNode array) {
      ArrayNode copy = JSON.createArrayNode();
      array.forEach(item -> copy.add(sorted(item)));
      return copy;
    }
    if (schema instanceof ObjectNode object) {
      Set<String> keys = new LinkedHashSet<>(OWN_KEYS);
      Set<String> others = new TreeSet<>();
      object.fieldNames().forEachRemaining(others::add);
      keys.retainAll(others);
      keys.addAll(others);
      ObjectNode copy = JSON.createObjectNode();
      keys.forEach(
          key -> copy.set(key, NESTED.contains(key) ? sorted(object.get(key)) : object.get(key)));
      return copy;
    }
    return schema;
  }
}
