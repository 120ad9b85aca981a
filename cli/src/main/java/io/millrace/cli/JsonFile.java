package io.millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.FileErrors;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reports as JSON files. */
public final class JsonFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private JsonFile() {}

  /** Finds out before long work whether its report can be written; leaves no trace. */
  public static void requireWritable(Path file) {
    boolean there = Files.exists(file);
    try {
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
      if (!there) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  public static void write(Path file, Object value) {
    try {
      Files.writeString(file, JSON.writeValueAsString(value) + "\n");
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static MillraceException unwritable(Path file, IOException e) {
    return new MillraceException(
        ExitCode.USAGE,
        "The report " + file + " can't be written",
        FileErrors.reason(e),
        "Give a path in a directory that exists and can be written to",
        e);
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
