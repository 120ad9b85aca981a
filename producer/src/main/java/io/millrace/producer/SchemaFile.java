package io.millrace.producer;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.FileErrors;
import io.millrace.core.error.JsonErrors;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** An .avsc file, and what is wrong with it in words for the person who wrote it. */
final class SchemaFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.ALLOW_COMMENTS); // as Avro's own parser

  private static final String CORRECT = "Correct the file";

  private final Path file;
  private final Map<String, Schema> known;

  /**
   * @param known types by full name that it may use and need not define
   */
  SchemaFile(Path file, Map<String, Schema> known) {
    this.file = file;
    this.known = known;
  }

  Schema schema() {
    String text = text();
    JsonNode json = json(text);
    try {
      return new Schema.Parser().addTypes(known.values()).parse(text);
    } catch (RuntimeException e) { // SchemaParseException, and of some mistakes others
      Optional<UnknownType> unknown = UnknownType.find(json, known.keySet());
      throw invalid(
          unknown.map(UnknownType::reason).orElseGet(() -> String.valueOf(e.getMessage())),
          unknown.map(UnknownType::remedy).orElse(CORRECT),
          e);
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
        throw invalid("it is empty", CORRECT, null);
      }
      return json;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw invalid(
          "it is not JSON: line %d, column %d: %s"
              .formatted(at.getLineNr(), at.getColumnNr(), JsonErrors.reason(e)),
          CORRECT,
          e);
    }
  }

  private MillraceException invalid(String reason, String remedy, Throwable cause) {
    return new MillraceException(
        ExitCode.USAGE, "The schema " + file + " is not valid Avro", reason, remedy, cause);
  }
}
