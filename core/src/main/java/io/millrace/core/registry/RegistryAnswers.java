package io.millrace.core.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** What a registry's answers mean: schemas, with those that they refer to, and errors in words. */
final class RegistryAnswers {
  static final String AVRO = "AVRO";

  private final RegistryHttp http;

  RegistryAnswers(RegistryHttp http) {
    this.http = http;
  }

  /** The body, which has this field; throws where the registry says no, or is none. */
  JsonNode required(RegistryHttp.Answer answer, String what, String field) {
    if (answer.ok() && answer.body().has(field)) {
      return answer.body();
    }
    throw failure(answer, what);
  }

  /** Why an answer is not what was asked for. */
  MillraceException failure(RegistryHttp.Answer answer, String what) {
    requireAccess(answer);
    if (answer.status() == 404 && answer.isRegistrys()) {
      return new UnknownSchemaException(
          what + " is not in the schema registry at " + http.address(),
          answer.message(),
          "Register it, or correct the name or the registry's url",
          true,
          null);
    }
    return new MillraceException(
        ExitCode.USAGE,
        "the server at " + http.address() + " gives no answer of a schema registry",
        what + " was asked for: " + answer.message(),
        "Correct the registry's url");
  }

  void requireAccess(RegistryHttp.Answer answer) {
    if (answer.status() == 401 || answer.status() == 403) {
      throw new MillraceException(
          ExitCode.USAGE,
          "the schema registry at " + http.address() + " refuses access",
          answer.message(),
          "Set basic.auth.user.info to a user and password that it accepts");
    }
  }

  /** The version that the body of an answer describes. */
  static StoredSchema stored(String subject, JsonNode body) {
    return new StoredSchema(
        subject,
        body.path("version").asInt(),
        body.path("id").asInt(),
        body.path("schemaType").asText(AVRO),
        text(body));
  }

  private static SchemaText text(JsonNode body) {
    List<SchemaText.Reference> references = new ArrayList<>();
    for (JsonNode reference : body.path("references")) {
      references.add(
          new SchemaText.Reference(
              reference.path("name").asText(),
              reference.path("subject").asText(),
              reference.path("version").asInt()));
    }
    return new SchemaText(body.path("schema").asText(), references);
  }

  /** A request that sends a schema. */
  static ObjectNode request(SchemaText schema) {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("schema", schema.text());
    if (!schema.references().isEmpty()) {
      ArrayNode references = request.putArray("references");
      for (SchemaText.Reference reference : schema.references()) {
        references
            .addObject()
            .put("name", reference.name())
            .put("subject", reference.subject())
            .put("version", reference.version());
      }
    }
    return request;
  }

  /** The schema of an answer. */
  Schema schema(JsonNode body, String what) {
    return parse(body.path("schemaType").asText(AVRO), text(body), what);
  }

  /** Parses a schema that the registry holds; throws where it is no Avro schema. */
  Schema parse(String type, SchemaText schema, String what) {
    requireAvro(type, what);
    try {
      return types().parse(schema);
    } catch (MillraceException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // Avro 1.12 answers some wrong schemas with other exceptions than its own.
      throw new UnknownSchemaException(
          what + " can't be read",
          String.valueOf(e.getMessage()),
          "Correct the schema in the registry at " + http.address(),
          false,
          e);
    }
  }

  /** As lenient with defaults as the registry was: what it holds must be readable. */
  ReferencedTypes types() {
    return new ReferencedTypes(this::referenced, false);
  }

  private SchemaText referenced(SchemaText.Reference reference) {
    String what = "subject '" + reference.subject() + "' version " + reference.version();
    // A deleted version still defines what others refer to.
    String path =
        subject(reference.subject()) + "/versions/" + reference.version() + "?deleted=true";
    JsonNode body = required(http.get(path), what, "schema");
    requireAvro(body.path("schemaType").asText(AVRO), what);
    return text(body);
  }

  private static void requireAvro(String type, String what) {
    if (!type.equals(AVRO)) {
      throw new UnknownSchemaException(
          what + " is no Avro schema",
          "its type is " + type + "; Millrace reads Avro only",
          "Keep records of other types in topics of their own",
          false,
          null);
    }
  }

  /** The path of a subject. */
  static String subject(String name) {
    return "/subjects/" + encoded(name);
  }

  static String encoded(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
