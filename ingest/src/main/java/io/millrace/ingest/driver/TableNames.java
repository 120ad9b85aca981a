package io.millrace.ingest.driver;

import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.LakeConfiguration;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Sees to it that each table has one stream. */
public final class TableNames {
  private TableNames() {}

  /**
   * @throws MillraceException {@code USAGE} where two streams write into one table, however its
   *     path is spelt
   */
  public static void requireDistinct(Collection<StreamConfig> streams, Map<String, String> hadoop) {
    Configuration configuration = LakeConfiguration.of(hadoop);
    Map<String, String> owners = new HashMap<>();
    for (StreamConfig stream : streams) {
      String owner = owners.putIfAbsent(qualified(stream, configuration), stream.name());
      if (owner != null) {
        throw new MillraceException(
            ExitCode.USAGE,
            "Streams %s and %s can't run together".formatted(owner, stream.name()),
            "both write into the table " + stream.table(),
            "Give each stream a table of its own");
      }
    }
  }

  private static String qualified(StreamConfig stream, Configuration hadoop) {
    Path path = new Path(stream.table());
    try {
      Path normal = new Path(path.toUri().normalize());
      return normal.getFileSystem(hadoop).makeQualified(normal).toString();
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "Stream %s can't write to %s".formatted(stream.name(), stream.table()),
          String.valueOf(e.getMessage()),
          "Give a path whose file system Hadoop knows",
          e);
    }
  }
}
