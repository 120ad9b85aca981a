package io.millrace.producer.generate;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;

/**
 * Finds the hint of a field: the config's by path, else the field's annotation, else its type's
 * annotation, else the one that is bundled for the schema's full name.
 */
final class Hints {
  /** Name of the annotation. */
  static final String ANNOTATION = "millrace";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Map<String, Object>> given;
  private final Map<String, Map<String, Object>> bundled;
  private final Set<String> unused;

  Hints(Schema schema, Map<String, Map<String, Object>> given) {
    this.given = given;
    this.bundled = bundled(schema.getFullName());
    this.unused = new HashSet<>(given.keySet());
  }

  Hint find(String path, JsonProperties field, JsonProperties type) {
    unused.remove(path);
    Object hint = given.get(path);
    if (hint == null && field != null) {
      hint = field.getObjectProp(ANNOTATION);
    }
    if (hint == null) {
      hint = type.getObjectProp(ANNOTATION);
    }
    if (hint == null) {
      hint = bundled.get(path);
    }
    return hint == null ? Hint.NONE : Hint.of(path, hint);
  }

  /** To be called when all fields have been asked for: a path that no field has is an error. */
  void checkAllUsed(Schema schema) {
    if (!unused.isEmpty()) {
      throw new MillraceException(
          ExitCode.USAGE,
          "There are generator hints for fields that do not exist",
          String.join(", ", unused) + " in " + schema.getFullName(),
          "Write a nested field as outer.inner, an array's items as name[], a map's values as"
              + " name{}, its keys as name{key}");
    }
  }

  private static Map<String, Map<String, Object>> bundled(String fullName) {
    try (InputStream in =
        Hints.class.getClassLoader().getResourceAsStream("hints/" + fullName + ".json")) {
      return in == null ? Map.of() : JSON.readValue(in, new TypeReference<>() {});
    } catch (IOException e) {
      throw new IllegalStateException("the bundled hints of " + fullName + " can't be read", e);
    }
  }
}
