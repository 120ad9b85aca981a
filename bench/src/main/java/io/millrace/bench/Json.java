package io.millrace.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reports as JSON files, fields named as the records' components. */
final class Json {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Json() {}

  static void write(Path file, Object value) {
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      Files.write(file, JSON.writeValueAsBytes(value));
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The report " + file + " can't be written",
          String.valueOf(e),
          "Give a path in a directory that can be written to",
          e);
    }
  }

  static <T> T read(Path file, Class<T> type) {
    try {
      return JSON.readValue(file.toFile(), type);
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.INTERNAL,
          "The report " + file + " can't be read",
          String.valueOf(e),
          "The log of the process that writes it is beside it",
          e);
    }
  }
}
