package io.millrace.core.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where tables are.
 *
 * @param directory relative paths are meant from here: the config file's directory
 */
record TablePaths(Path directory) {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");

  /**
   * An absolute local path without scheme, or the text itself where it has a scheme.
   *
   * @throws IllegalArgumentException where it is no address; the message says what is needed
   */
  String resolve(String table) {
    if (!SCHEME.matcher(table).matches()) {
      return directory.resolve(table).toAbsolutePath().normalize().toString();
    }
    try {
      URI address = address(table);
      if (address.getPath() == null || address.getPath().isEmpty()) {
        throw new IllegalArgumentException("no path");
      }
      return table;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a path, or an address such as s3a://bucket/orders", e);
    }
  }

  private static URI address(String table) {
    return URI.create(table.replace(" ", "%20"));
  }

  /** Tells where two streams write into one table, or one table lies inside another. */
  static void refuseShared(Collection<StreamConfig> streams, ConfigErrors errors) {
    Map<String, String> owners = new LinkedHashMap<>();
    for (StreamConfig stream : streams) {
      String place = place(stream.table());
      owners.forEach(
          (other, owner) -> {
            if (place.equals(other)) {
              tell(errors, stream, "is the table of stream " + owner + " too");
            } else if (place.startsWith(other)) {
              tell(errors, stream, "lies inside the table of stream " + owner);
            } else if (other.startsWith(place)) {
              tell(errors, stream, "holds the table of stream " + owner);
            }
          });
      owners.put(place, stream.name());
    }
  }

  private static void tell(ConfigErrors errors, StreamConfig stream, String what) {
    errors.add(
        null,
        "streams." + stream.name() + ".table",
        "\"" + stream.table() + "\" " + what + ", needed: a table for each stream");
  }

  /** One spelling for each place, ending with a slash. */
  private static String place(String table) {
    String place = table;
    if (SCHEME.matcher(table).matches()) {
      URI uri = address(table).normalize();
      boolean local = "file".equalsIgnoreCase(uri.getScheme());
      place = local ? Path.of(uri.getPath()).normalize().toString() : uri.toString();
    }
    return place.replaceAll("/+$", "") + "/";
  }
}
