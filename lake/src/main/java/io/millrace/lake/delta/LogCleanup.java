package io.millrace.lake.delta;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes what Kernel's clean-up of expired log files leaves behind: the checksum files of versions
 * that are gone. Without it they pile up, one a commit, and every listing of the log grows.
 */
final class LogCleanup {
  /** Delta protocol, "Delta Log Entries": 20 digits, the version, before each file's kind. */
  private static final Pattern LOG_FILE =
      Pattern.compile(".*/(\\d{20})\\.(json|crc|checkpoint\\..+)");

  private final Engine engine;
  private final String table;

  LogCleanup(Engine engine, String table) {
    this.engine = engine;
    this.table = table;
  }

  void run() throws IOException {
    try (CloseableIterator<FileStatus> log =
        engine.getFileSystemClient().listFrom(table + "/_delta_log/%020d.".formatted(0))) {
      for (String orphan : orphans(log.map(FileStatus::getPath))) {
        engine.getFileSystemClient().delete(orphan);
      }
    }
  }

  /**
   * The checksum files older than the first commit or checkpoint that is still there. Looks no
   * further than that one.
   *
   * @param paths the log's files in the order of their names
   */
  static List<String> orphans(Iterator<String> paths) {
    List<String> checksums = new ArrayList<>();
    while (paths.hasNext()) {
      String path = paths.next();
      Matcher file = LOG_FILE.matcher(path);
      if (!file.matches()) {
        continue;
      }
      if (!file.group(2).equals("crc")) {
        // The checksum of this very version comes before its commit.
        checksums.removeIf(checksum -> checksum.contains(file.group(1)));
        return checksums;
      }
      checksums.add(path);
    }
    return List.of();
  }
}
