package io.millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.FileErrors;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reports as JSON files. */
public final class JsonFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private JsonFile() {}

  public static void write(Path file, Object value) {
    try {
      Files.writeString(file, JSON.writeValueAsString(value) + "\n");
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The report " + file + " can't be written",
          FileErrors.reason(e),
          "Give a path in a directory that exists and can be written to",
          e);
    }
  }

  public static <T> T read(Path file, Class<T> type) {
    try {
      return JSON.readValue(file.toFile(), type);
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.INTERNAL,
          "The report " + file + " can't be read",
          FileErrors.reason(e),
          "The process that writes it has logged why, below " + file.getParent(),
          e);
    }
  }
}
