package io.millrace.ingest.task;

import io.millrace.core.wire.SchemaKey;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schemas as files {@code <table>/_millrace/schemas/<id, GUID or another name>.avsc}: Delta's
 * readers and VACUUM pass by what begins with an underscore. A help in need, so a failure is logged
 * and nothing more.
 */
final class SchemaFiles {
  private static final Logger log = LoggerFactory.getLogger(SchemaFiles.class);

  private final Configuration hadoop;
  private final Path directory;

  SchemaFiles(Configuration hadoop, String table) {
    this.hadoop = hadoop;
    this.directory = new Path(table, "_millrace/schemas");
  }

  private Path file(String name) {
    return new Path(directory, name + ".avsc");
  }

  Optional<Schema> read(SchemaKey key) {
    return read(key.text());
  }

  Optional<Schema> read(String name) {
    Path file = file(name);
    try (var in = file.getFileSystem(hadoop).open(file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Optional.of(new Schema.Parser().setValidateDefaults(false).parse(text));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException | AvroRuntimeException e) {
      warn("read", file, e);
      return Optional.empty();
    }
  }

  /** Writes the schema unless it is there already; another one of that key is replaced. */
  void write(SchemaKey key, Schema schema) {
    write(key.text(), schema);
  }

  /** As {@link #write(SchemaKey, Schema)}. */
  void write(String name, Schema schema) {
    Path file = file(name);
    if (read(name).filter(schema::equals).isPresent()) {
      return;
    }
    try {
      FileSystem files = file.getFileSystem(hadoop);
      // By another name first: a reader must not see half a schema.
      Path part = new Path(directory, "." + name + "-" + UUID.randomUUID());
      try (OutputStream out = files.create(part, true)) {
        out.write(schema.toString().getBytes(StandardCharsets.UTF_8));
      }
      files.delete(file, false);
      if (!files.rename(part, file)) {
        files.delete(part, false);
      }
    } catch (IOException e) {
      warn("written", file, e);
    }
  }

  private static void warn(String what, Path file, Exception e) {
    log.atWarn()
        .addKeyValue("file", file)
        .addKeyValue("cause", e.toString())
        .log("a kept schema could not be " + what);
  }
}
