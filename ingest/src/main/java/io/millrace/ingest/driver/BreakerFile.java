package io.millrace.ingest.driver;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.LakeErrors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * {@code <table>/_millrace/breaker}: that a stream's breaker has tripped, and why. It stays until
 * an operator lets the stream resume, so that a restart alone does not.
 */
final class BreakerFile {
  private final Configuration hadoop;
  private final String table;
  private final String stream;
  private final Path file;

  BreakerFile(Configuration hadoop, String table, String stream) {
    this.hadoop = hadoop;
    this.table = table;
    this.stream = stream;
    this.file = new Path(table, "_millrace/breaker");
  }

  /** Notes that the breaker has tripped, and returns what stops the stream. */
  MillraceException trip(String reason) {
    try (OutputStream out = file.getFileSystem(hadoop).create(file, true)) {
      out.write(reason.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw LakeErrors.storage("The table " + table + " can't be written", e);
    }
    return tripped(reason);
  }

  /** Throws {@code PROTECTED} where the breaker has tripped and nobody has resumed the stream. */
  void requireClosed() {
    try (var in = file.getFileSystem(hadoop).open(file)) {
      throw tripped(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      // Nothing has happened.
    } catch (IOException e) {
      throw LakeErrors.storage("The table " + table + " can't be read", e);
    }
  }

  /** Lets the stream run again. */
  void reset() {
    try {
      file.getFileSystem(hadoop).delete(file, false);
    } catch (IOException e) {
      throw LakeErrors.storage("The table " + table + " can't be written", e);
    }
  }

  private MillraceException tripped(String reason) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "Stream " + stream + " was stopped by its breaker",
        reason,
        "Look at the dead letters in "
            + table
            + "_dead_letters; `millrace ingest --resume` goes on");
  }
}
