package io.millrace.cli.demo;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.FileErrors;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Space on the disk, in bytes. */
final class DiskSpace {
  /** Measured: Kafka's log (lz4) and the table (zstd) together, with room to spare. */
  static final long BYTES_PER_RECORD = 250;

  /** A broker needs this much to start, and the disk should not end up full. */
  private static final long BASE = 256L << 20;

  /** Kafka preallocates index files. */
  private static final long BYTES_PER_PARTITION = 1L << 20;

  private DiskSpace() {}

  /** What a demo is going to use, rather too much than too little. */
  static long needed(long records, int partitions) {
    long known = Math.min(records, Long.MAX_VALUE / 2 / BYTES_PER_RECORD);
    return BASE + known * BYTES_PER_RECORD + partitions * BYTES_PER_PARTITION;
  }

  /** Refuses to start what would fill the disk. */
  static void require(Path directory, long needed) throws IOException {
    Path existing = directory;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    requireWritable(directory, existing);
    long free = Files.getFileStore(existing).getUsableSpace();
    if (free < needed) {
      throw new MillraceException(
          ExitCode.UNREACHABLE,
          "There is not enough disk space in " + directory,
          "the demo needs about %,d MB, %,d MB are free"
              .formatted(needed / 1_000_000, free / 1_000_000),
          "Free some space, ask for fewer --records, or name a --dir on another disk");
    }
  }

  /** A read-only file system may have free space, or say that it has none. */
  private static void requireWritable(Path directory, Path existing) {
    try {
      Files.delete(Files.createTempFile(existing, "millrace", ".tmp"));
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.UNREACHABLE,
          "The directory " + directory + " can't be written to",
          existing + ": " + FileErrors.reason(e),
          "Check its owner and mode, or name another one with --dir",
          e);
    }
  }

  /** Bytes of all files below, 0 where there is nothing. */
  static long used(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(DiskSpace::size).sum();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // Gone meanwhile: Kafka and Delta tidy up.
    }
  }
}
