package io.millrace.core.json;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.FileErrors;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that a command writes as JSON, fields named as the components of records.
 *
 * @param what it is, for people
 * @param path of the file; its directory has to be there
 */
public record JsonFile(String what, Path path) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** What a command says of its work. */
  public static JsonFile report(Path path) {
    return new JsonFile("report", path);
  }

  /**
   * Finds out before long work whether it can be written after that; leaves no trace.
   *
   * @throws MillraceException where it can't
   */
  public void requireWritable() {
    boolean there = Files.exists(path);
    try {
      Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
      if (!there) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * Replaces what is there.
   *
   * @throws MillraceException where it can't be written
   */
  public void write(Object value) {
    try {
      Files.writeString(path, JSON.writeValueAsString(value) + "\n");
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private MillraceException unwritable(IOException e) {
    String problem = "The " + what + " " + path + " can't be written";
    if (FileErrors.isDiskFull(e)) {
      return new MillraceException(
          ExitCode.UNREACHABLE,
          problem,
          "the disk is full",
          "Free some space, or give a path on another disk",
          e);
    }
    return new MillraceException(
        ExitCode.USAGE,
        problem,
        FileErrors.reason(e),
        "Give a path in a directory that exists and can be written to",
        e);
  }

  /**
   * Reads what another process of ours wrote.
   *
   * @throws MillraceException where it did not
   */
  public <T> T read(Class<T> type) {
    try {
      return JSON.readValue(path.toFile(), type);
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.INTERNAL,
          "The " + what + " " + path + " can't be read",
          FileErrors.reason(e),
          "The process that writes it has logged why, below " + path.toAbsolutePath().getParent(),
          e);
    }
  }
}
