package io.millrace.lake.delta;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Finds the version to which a table was restored where the log does not say it: a RESTORE to a
 * time notes that time as its user wrote it, in the time zone of a session that nobody knows. What
 * has the same files has the same rows.
 */
final class SameFiles {
  private final String path;
  private final Configuration hadoop;

  SameFiles(String path, Configuration hadoop) {
    this.path = path;
    this.hadoop = hadoop;
  }

  /**
   * The latest version before a commit that has the files (and deletion vectors) that the table has
   * since that commit; empty where the log goes back to none.
   *
   * @param restore what was committed
   */
  Optional<Long> before(CommitLog log, CommitLog.Commit restore) throws IOException {
    Set<String> wanted = PinnedTable.at(path, hadoop, restore.version()).identities();
    // In one of the two versions only; a version with none is looked at whole.
    Set<String> different = new HashSet<>();
    CommitLog.Commit undone = restore;
    try {
      while (undone.version() > 0) {
        for (String file : undone.moved()) {
          if (!different.remove(file)) {
            different.add(file);
          }
        }
        long version = undone.version() - 1;
        undone = log.read(version);
        if (different.isEmpty()
            && PinnedTable.at(path, hadoop, version).identities().equals(wanted)) {
          return Optional.of(version);
        }
      }
    } catch (FileNotFoundException e) {
      // The log goes back no further.
    }
    return Optional.empty();
  }
}
