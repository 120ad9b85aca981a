package io.millrace.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Reads {@code produce --hints}: a field's path to its hint, in YAML or JSON. */
final class HintsFile {
  private HintsFile() {}

  static Map<String, Map<String, Object>> read(Path file) {
    try {
      return new ObjectMapper(new YAMLFactory()).readValue(file.toFile(), new TypeReference<>() {});
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The hints " + file + " can't be used",
          String.valueOf(e.getMessage()),
          "Give YAML or JSON with a field's path as key; see docs/producer.md",
          e);
    }
  }
}
