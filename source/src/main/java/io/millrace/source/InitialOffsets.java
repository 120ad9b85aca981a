package io.millrace.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where a stream began, kept in its checkpoint: a query that dies before its first batch is logged
 * must begin there again, even if it began at the latest offsets. Place and content of the file are
 * those of Spark's Kafka source (KafkaSourceInitialOffsetWriter).
 */
final class InitialOffsets {
  private static final String VERSION = "v1\n";

  private final Configuration hadoop;
  private final Path file;

  /**
   * @param directory the source's own in the checkpoint
   */
  InitialOffsets(Configuration hadoop, String directory) {
    this.hadoop = hadoop;
    this.file = new Path(directory, "0");
  }

  Optional<String> read() {
    try (InputStream in = fileSystem().open(file)) {
      // Spark 2.1.0 needed the zero byte in front.
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceFirst("^\0", "");
      if (!text.startsWith(VERSION)) {
        throw SourceErrors.usage(
            "The checkpoint's file " + file + " can't be read",
            "it does not begin with v1",
            "Use the Spark version that wrote it, or give the query a checkpoint of its own",
            null);
      }
      return Optional.of(text.substring(VERSION.length()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String json) {
    Path unfinished = new Path(file.getParent(), "." + UUID.randomUUID() + ".tmp");
    try {
      FileSystem files = fileSystem();
      try (OutputStream out = files.create(unfinished, false)) {
        out.write(0);
        out.write((VERSION + json).getBytes(StandardCharsets.UTF_8));
      }
      if (!files.rename(unfinished, file)) {
        throw new IOException("can't rename " + unfinished + " to " + file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FileSystem fileSystem() throws IOException {
    return file.getFileSystem(hadoop);
  }
}
