package io.millrace.producer;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;

/** Finds a schema by the name of a bundled one or by its file. */
public final class Schemas {
  /** Names of the bundled schemas: {@code schemas/<name>.avsc} on the class path. */
  public static final List<String> BUNDLED =
      List.of("user_event", "user_event_v2", "user_event_v3", "click_stream");

  private Schemas() {}

  /**
   * @param nameOrFile one of {@link #BUNDLED} ({@code -} counts as {@code _}), or the path of an
   *     .avsc file; a bundled name wins
   */
  public static Schema load(String nameOrFile) {
    String name = nameOrFile.replace('-', '_');
    return BUNDLED.contains(name) ? bundled(name) : file(Path.of(nameOrFile));
  }

  private static Schema bundled(String name) {
    try (InputStream in =
        Schemas.class.getClassLoader().getResourceAsStream("schemas/" + name + ".avsc")) {
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new IllegalStateException("the bundled schema " + name + " can't be read", e);
    }
  }

  private static Schema file(Path file) {
    try {
      return new Schema.Parser().parse(Files.readString(file));
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The schema " + file + " can't be read",
          String.valueOf(e),
          "Give the path of an .avsc file or one of " + String.join(", ", BUNDLED),
          e);
    } catch (RuntimeException e) { // SchemaParseException, and of some mistakes others
      throw new MillraceException(
          ExitCode.USAGE,
          "The schema " + file + " is not valid Avro",
          String.valueOf(e.getMessage()),
          "Correct the file",
          e);
    }
  }
}
