package io.millrace.producer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** Finds a schema by the name of a bundled one or by its file. */
public final class Schemas {
  /** Names of the bundled schemas: {@code schemas/<name>.avsc} on the class path. */
  public static final List<String> BUNDLED =
      List.of("user_event", "user_event_v2", "user_event_v3", "click_stream", "order", "page_view");

  private Schemas() {}

  /**
   * The schema of that name or file.
   *
   * @param nameOrFile one of {@link #BUNDLED} ({@code -} counts as {@code _}), or the path of an
   *     .avsc file; a bundled name wins
   */
  public static Schema load(String nameOrFile) {
    return load(nameOrFile, Map.of());
  }

  /**
   * As {@link #load(String)}, of a file that uses types which it does not define.
   *
   * @param known those types by full name
   */
  public static Schema load(String nameOrFile, Map<String, Schema> known) {
    String name = nameOrFile.replace('-', '_');
    return BUNDLED.contains(name)
        ? bundled(name)
        : new SchemaFile(Path.of(nameOrFile), known).schema();
  }

  private static Schema bundled(String name) {
    try (InputStream in =
        Schemas.class.getClassLoader().getResourceAsStream("schemas/" + name + ".avsc")) {
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new IllegalStateException("the bundled schema " + name + " can't be read", e);
    }
  }
}
