package io.millrace.producer;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.FileErrors;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Finds out before the first record whether the manifest can be written after the last. */
final class ManifestFile {
  private ManifestFile() {}

  /** Leaves the file system as it was. */
  static void checkWritable(Path file) {
    boolean there = Files.exists(file);
    try {
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
      if (!there) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The manifest " + file + " can't be written",
          FileErrors.reason(e),
          "Give a path in a directory that exists and can be written to",
          e);
    }
  }
}
