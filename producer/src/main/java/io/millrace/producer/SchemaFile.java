package io.millrace.producer;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.FileErrors;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;

/** An .avsc file, and what is wrong with it in words for the person who wrote it. */
final class SchemaFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UNDEFINED = "Undefined schema: ";

  private final Path file;

  SchemaFile(Path file) {
    this.file = file;
  }

  Schema schema() {
    String text = text();
    JsonNode json = json(text);
    try {
      return new Schema.Parser().parse(text);
    } catch (RuntimeException e) { // SchemaParseException, and of some mistakes others
      throw invalid(reason(json, e), e);
    }
  }

  private String text() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The schema " + file + " can't be read",
          FileErrors.reason(e),
          "Give the path of an .avsc file or one of " + String.join(", ", Schemas.BUNDLED),
          e);
    }
  }

  private JsonNode json(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (json.isMissingNode()) {
        throw invalid("it is empty", null);
      }
      return json;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw invalid(
          "it is not JSON: line %d, column %d: %s"
              .formatted(
                  at.getLineNr(),
                  at.getColumnNr(),
                  e.getOriginalMessage().replaceAll("\\[Source: [^;\\]]*; ([^\\]]*)\\]", "$1")),
          e);
    }
  }

  /** Avro says of a name that nobody defined only the name, or the like of a null pointer. */
  private static String reason(JsonNode json, RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    String name = null;
    if (e instanceof AvroTypeException && message.startsWith(UNDEFINED)) {
      name = message.substring(UNDEFINED.length());
    } else if (e instanceof NullPointerException && json.isTextual()) {
      name = json.asText();
    }
    if (name == null) {
      return message;
    }
    String simple = name.substring(name.lastIndexOf('.') + 1);
    return "%s has the type %s, which is neither one of Avro's nor defined in the file"
        .formatted(place(json, name, simple, "the schema").orElse("a field"), simple);
  }

  /** The innermost named thing whose type is that name. */
  private static Optional<String> place(JsonNode node, String name, String simple, String within) {
    String here = node.path("name").isTextual() ? "field " + node.path("name").asText() : within;
    if (node.isTextual()) {
      return node.asText().equals(name) || node.asText().equals(simple)
          ? Optional.of(here)
          : Optional.empty();
    }
    Iterator<Map.Entry<String, JsonNode>> members = node.properties().iterator();
    while (members.hasNext()) {
      Map.Entry<String, JsonNode> member = members.next();
      boolean text = member.getKey().equals("name") || member.getKey().equals("doc");
      Optional<String> found =
          text ? Optional.empty() : place(member.getValue(), name, simple, here);
      if (found.isPresent()) {
        return found;
      }
    }
    for (JsonNode item : node.isArray() ? node : JSON.createArrayNode()) {
      Optional<String> found = place(item, name, simple, here);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private MillraceException invalid(String reason, Throwable cause) {
    return new MillraceException(
        ExitCode.USAGE,
        "The schema " + file + " is not valid Avro",
        reason,
        "Correct the file",
        cause);
  }
}
