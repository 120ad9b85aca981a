package io.millrace.lake.delta;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Removes what Kernel's clean-up of expired log files leaves behind: the checksum files of versions
 * that are gone. Without it they pile up, one a commit, and every listing of the log grows.
 */
final class LogCleanup {
  /** Delta protocol, "Delta Log Entries": 20 digits, the version, before each file's kind. */
  private static final Pattern LOG_FILE = Pattern.compile("(\\d{20})\\.(json|crc|checkpoint\\..+)");

  private final Path logDirectory;
  private final Configuration hadoop;

  LogCleanup(String table, Configuration hadoop) {
    this.logDirectory = new Path(table, "_delta_log");
    this.hadoop = hadoop;
  }

  void run() throws IOException {
    FileSystem fileSystem = logDirectory.getFileSystem(hadoop);
    List<String> names = new ArrayList<>();
    for (FileStatus file : fileSystem.listStatus(logDirectory)) {
      names.add(file.getPath().getName());
    }
    for (String orphan : orphans(names)) {
      fileSystem.delete(new Path(logDirectory, orphan), false);
    }
  }

  /** The checksum files older than the first commit or checkpoint that is still there. */
  static List<String> orphans(List<String> names) {
    OptionalLong first =
        names.stream()
            .map(LOG_FILE::matcher)
            .filter(Matcher::matches)
            .filter(file -> !file.group(2).equals("crc"))
            .mapToLong(file -> Long.parseLong(file.group(1)))
            .min();
    if (first.isEmpty()) {
      return List.of();
    }
    return names.stream()
        .filter(
            name -> {
              Matcher file = LOG_FILE.matcher(name);
              return file.matches()
                  && file.group(2).equals("crc")
                  && Long.parseLong(file.group(1)) < first.getAsLong();
            })
        .toList();
  }
}
