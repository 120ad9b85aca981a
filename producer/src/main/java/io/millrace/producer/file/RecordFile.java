package io.millrace.producer.file;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.avro.Schema;

/** Reads a file's records in their order; for one thread. */
public interface RecordFile extends AutoCloseable {
  /**
   * The next record, or null at the end.
   *
   * @throws MillraceException where the file can't be read on
   */
  FileRecord next();

  @Override
  void close();

  /** Opens a file by what its name ends with: .json, .jsonl, .ndjson, .csv or .avro. */
  static RecordFile open(Path file, Schema schema) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The file " + file + " can't be read",
          "there is no readable file of that name",
          "Correct the path or the file's rights");
    }
    try {
      if (name.endsWith(".json") || name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
        return new JsonLinesFile(file, schema);
      }
      if (name.endsWith(".csv")) {
        return new CsvFile(file, schema);
      }
      if (name.endsWith(".avro")) {
        return new AvroContainerFile(file, schema);
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    throw new MillraceException(
        ExitCode.USAGE,
        "The file " + file + " is of no known kind",
        "its name tells the kind, and it ends with none of .json, .jsonl, .ndjson, .csv, .avro",
        "Rename the file");
  }

  static MillraceException unreadable(Path file, Exception cause) {
    return new MillraceException(
        ExitCode.USAGE,
        "The file " + file + " can't be read",
        String.valueOf(cause.getMessage()),
        "Give a whole file of that kind",
        cause);
  }
}
