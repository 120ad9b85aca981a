package io.millrace.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.registry.SchemaText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A schema as a client sends it.
 *
 * @param schema as sent; the text is not parsed yet
 * @param type such as AVRO
 * @param id what a client in import mode wants as id; -1 where it wants nothing
 */
record SchemaRequest(SchemaText schema, String type, int id) {
  private static final Set<String> KNOWN =
      Set.of("schema", "schemaType", "references", "id", "version", "subject");

  /** Reads a request's body; refuses fields that would change what the request means. */
  static SchemaRequest of(JsonNode body) {
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!KNOWN.contains(name) && !body.get(name).isNull()) {
                throw RegistryError.unrecognizedField(name);
              }
            });
    String text = body.path("schema").asText("");
    if (text.isBlank()) {
      throw RegistryError.emptySchema();
    }
    List<SchemaText.Reference> references = new ArrayList<>();
    for (JsonNode reference : body.path("references")) {
      references.add(
          new SchemaText.Reference(
              reference.path("name").asText(),
              reference.path("subject").asText(),
              reference.path("version").asInt()));
    }
    return new SchemaRequest(
        new SchemaText(text, references),
        body.path("schemaType").asText("AVRO"),
        body.path("id").asInt(-1));
  }
}
