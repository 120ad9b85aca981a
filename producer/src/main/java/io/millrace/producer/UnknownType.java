package io.millrace.producer;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.config.Suggestion;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A name in a schema's text that is no type. Avro's own words for it name no field, and at the top
 * not even the type ({@code UnresolvedSchema_0}).
 *
 * @param field path of names to the field, empty where the schema itself is of that type
 * @param type as it is written
 * @param known what could stand there: Avro's types and those that the schema defines
 */
record UnknownType(String field, String type, Set<String> known) {
  private static final Set<String> PRIMITIVE =
      Set.of("null", "boolean", "int", "long", "float", "double", "bytes", "string");
  private static final Set<String> NAMED = Set.of("record", "error", "enum", "fixed");

  /**
   * The first one of a schema that Avro has refused; empty where something else is wrong.
   *
   * @param given full names of types that the schema may use and need not define
   */
  static Optional<UnknownType> find(JsonNode schema, Set<String> given) {
    Set<String> known = new LinkedHashSet<>(new TreeSet<>(PRIMITIVE));
    known.addAll(List.of("array", "map", "record", "enum", "fixed"));
    known.addAll(given);
    new Search(known, true).visit(schema, "", "");
    Search references = new Search(known, false);
    references.visit(schema, "", "");
    return Optional.ofNullable(references.found);
  }

  /** What is wrong, for people. */
  String reason() {
    return "%s has the type %s, which is neither one of Avro's nor defined in the file%s"
        .formatted(
            field.isEmpty() ? "the schema" : "field " + field, type, Suggestion.text(type, known));
  }

  String remedy() {
    return "Use one of these types, or define it: " + String.join(", ", known);
  }

  /** Goes through a schema, first for the names it defines, then for those it uses. */
  private static final class Search {
    private final Set<String> known;
    private final boolean defining;
    private UnknownType found;

    Search(Set<String> known, boolean defining) {
      this.known = known;
      this.defining = defining;
    }

    void visit(JsonNode schema, String field, String namespace) {
      if (schema == null) {
        return; // not of an unknown type, but of none
      }
      if (schema.isTextual()) {
        use(schema.textValue(), field, namespace);
      } else if (schema.isArray()) {
        schema.forEach(branch -> visit(branch, field, namespace));
      } else if (schema.path("type").isTextual()) {
        complex(schema, schema.get("type").textValue(), field, namespace);
      } else {
        visit(schema.get("type"), field, namespace);
      }
    }

    private void complex(JsonNode schema, String type, String field, String namespace) {
      if (NAMED.contains(type)) {
        String name = fullName(schema, namespace);
        if (defining) {
          known.add(name);
        }
        String inside = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
        for (JsonNode member : schema.path("fields")) {
          String memberName = member.path("name").asText();
          String path = field.isEmpty() ? memberName : field + "." + memberName;
          visit(member.get("type"), path, inside);
        }
      } else if (type.equals("array")) {
        visit(schema.get("items"), field, namespace);
      } else if (type.equals("map")) {
        visit(schema.get("values"), field, namespace);
      } else {
        use(type, field, namespace);
      }
    }

    private void use(String type, String field, String namespace) {
      boolean isKnown =
          PRIMITIVE.contains(type)
              || known.contains(type)
              || known.contains(namespace + "." + type);
      if (!defining && !isKnown && found == null) {
        found = new UnknownType(field, type, known);
      }
    }

    private static String fullName(JsonNode schema, String namespace) {
      String name = schema.path("name").asText();
      String space = schema.path("namespace").asText(namespace);
      return name.contains(".") || space.isEmpty() ? name : space + "." + name;
    }
  }
}
