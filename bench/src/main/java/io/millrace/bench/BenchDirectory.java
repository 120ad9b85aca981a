package io.millrace.bench;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories that a bench makes and removes; it never touches what was there before. */
final class BenchDirectory {
  private BenchDirectory() {}

  /** The directory asked for, or a new one below {@code data/bench} where that is null. */
  static Path orNew(Path directory, String verb) {
    if (directory != null) {
      return directory;
    }
    Path parent = Path.of("data", "bench");
    try {
      return Files.createTempDirectory(Files.createDirectories(parent), verb + "-");
    } catch (IOException e) {
      throw unusable(parent, e);
    }
  }

  /** Makes the directory; it may exist where it is empty. */
  static Path createEmpty(Path directory) {
    try {
      Files.createDirectories(directory);
      try (Stream<Path> entries = Files.list(directory)) {
        if (entries.findAny().isPresent()) {
          throw new MillraceException(
              ExitCode.USAGE,
              "The bench can't use " + directory,
              "the directory is not empty",
              "Remove it, or give another one with --dir");
        }
      }
      return directory.toRealPath();
    } catch (IOException e) {
      throw unusable(directory, e);
    }
  }

  private static MillraceException unusable(Path directory, IOException e) {
    return new MillraceException(
        ExitCode.UNREACHABLE,
        "The bench can't use " + directory,
        String.valueOf(e),
        "Give a directory that can be written to with --dir",
        e);
  }

  static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
