package io.millrace.embedded.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.registry.SchemaText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes as records of {@code _schemas}, in the layout that Confluent's registry writes and reads
 * (docs.confluent.io, Schema Registry; classes SchemaKey, SchemaValue, ConfigKey and so on of its
 * source), so that one can take over from the other.
 */
final class ChangeCodec {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ChangeCodec() {}

  /**
   * A Kafka record.
   *
   * @param value null for a tombstone
   */
  record Entry(String key, String value) {}

  static Entry encode(Change change) {
    if (change instanceof Change.Put put) {
      Version v = put.version();
      return entry(schemaKey(v.subject(), v.version()), schemaValue(v));
    }
    if (change instanceof Change.Remove remove) {
      return entry(schemaKey(remove.subject(), remove.version()), null);
    }
    if (change instanceof Change.DeleteSubject delete) {
      return entry(
          key("DELETE_SUBJECT", 0, delete.subject()),
          JSON.createObjectNode()
              .put("subject", delete.subject())
              .put("version", delete.upToVersion()));
    }
    if (change instanceof Change.SetLevel set) {
      return entry(
          key("CONFIG", 0, set.subject().orElse(null)),
          set.level()
              .map(level -> JSON.createObjectNode().put("compatibilityLevel", level.name()))
              .orElse(null));
    }
    if (change instanceof Change.SetMode set) {
      return entry(
          key("MODE", 0, set.subject().orElse(null)),
          set.mode().map(mode -> JSON.createObjectNode().put("mode", mode.name())).orElse(null));
    }
    return entry(JSON.createObjectNode().put("keytype", "NOOP").put("magic", 0), null);
  }

  /**
   * @throws IllegalArgumentException where the record is not one that this registry understands
   */
  static Change decode(Entry entry) {
    JsonNode key = read(entry.key());
    JsonNode value = entry.value() == null ? null : read(entry.value());
    String type = key.path("keytype").asText();
    Optional<String> subject = Optional.ofNullable(key.path("subject").textValue());
    return switch (type) {
      case "SCHEMA" ->
          value == null
              ? new Change.Remove(subject.orElseThrow(), key.path("version").asInt())
              : new Change.Put(version(value));
      case "DELETE_SUBJECT" ->
          value == null
              ? new Change.Nothing()
              : new Change.DeleteSubject(subject.orElseThrow(), value.path("version").asInt());
      case "CONFIG" ->
          new Change.SetLevel(subject, name(value, "compatibilityLevel").map(ChangeCodec::level));
      case "MODE" -> new Change.SetMode(subject, name(value, "mode").map(ChangeCodec::mode));
      case "NOOP" -> new Change.Nothing();
      default -> throw new IllegalArgumentException("unknown key type '" + type + "'");
    };
  }

  private static Version version(JsonNode value) {
    String type = value.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new IllegalArgumentException("schema type " + type + " where only AVRO is known");
    }
    List<SchemaText.Reference> references = new ArrayList<>();
    for (JsonNode reference : value.path("references")) {
      references.add(
          new SchemaText.Reference(
              reference.path("name").asText(),
              reference.path("subject").asText(),
              reference.path("version").asInt()));
    }
    return new Version(
        value.path("subject").asText(),
        value.path("version").asInt(),
        value.path("id").asInt(),
        new SchemaText(value.path("schema").asText(), references),
        value.path("deleted").asBoolean());
  }

  private static ObjectNode schemaKey(String subject, int version) {
    ObjectNode key = JSON.createObjectNode();
    return key.put("keytype", "SCHEMA")
        .put("subject", subject)
        .put("version", version)
        .put("magic", 1);
  }

  private static ObjectNode schemaValue(Version v) {
    ObjectNode value = JSON.createObjectNode();
    value.put("subject", v.subject()).put("version", v.version()).put("id", v.id());
    if (!v.schema().references().isEmpty()) {
      value.set("references", references(v.schema().references()));
    }
    return value.put("schema", v.schema().text()).put("deleted", v.deleted());
  }

  static ArrayNode references(List<SchemaText.Reference> references) {
    ArrayNode array = JSON.createArrayNode();
    for (SchemaText.Reference reference : references) {
      array
          .addObject()
          .put("name", reference.name())
          .put("subject", reference.subject())
          .put("version", reference.version());
    }
    return array;
  }

  private static ObjectNode key(String type, int magic, String subject) {
    return JSON.createObjectNode().put("keytype", type).put("subject", subject).put("magic", magic);
  }

  private static CompatibilityLevel level(String name) {
    return CompatibilityLevel.of(name)
        .orElseThrow(() -> new IllegalArgumentException("unknown compatibility '" + name + "'"));
  }

  private static Mode mode(String name) {
    return Mode.of(name)
        .orElseThrow(() -> new IllegalArgumentException("unknown mode '" + name + "'"));
  }

  private static Optional<String> name(JsonNode value, String field) {
    return value == null ? Optional.empty() : Optional.ofNullable(value.path(field).textValue());
  }

  private static Entry entry(ObjectNode key, ObjectNode value) {
    return new Entry(key.toString(), value == null ? null : value.toString());
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
    }
  }
}
