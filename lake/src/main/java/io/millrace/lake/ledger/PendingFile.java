package io.millrace.lake.ledger;

import io.millrace.lake.DataFile;
import java.util.Map;
import java.util.Objects;

/**
 * A file of dead letters that a commit of the main table has taken note of, and that the table of
 * dead letters may not have yet.
 *
 * @param sequence the ledger's sequence number at that commit
 * @param name of the file, in the directory of the table of dead letters: both tables can be moved
 * @param bytes size of the file
 * @param modificationTime milliseconds since the epoch, of the file's last write
 * @param rows dead letters in the file, at least 1
 * @param statistics Delta statistics as JSON
 */
public record PendingFile(
    long sequence, String name, long bytes, long modificationTime, long rows, String statistics) {
  public PendingFile {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(statistics, "statistics");
    if (sequence < 1 || bytes < 1 || rows < 1 || name.isEmpty() || name.contains("/")) {
      throw new IllegalArgumentException(
          "no file of dead letters: %s of commit %d, %d bytes, %d rows"
              .formatted(name, sequence, bytes, rows));
    }
  }

  static PendingFile of(long sequence, DataFile file) {
    String path = file.path();
    return new PendingFile(
        sequence,
        path.substring(path.lastIndexOf('/') + 1),
        file.bytes(),
        file.modificationTime(),
        file.rows(),
        file.statistics());
  }

  /**
   * The file with its place.
   *
   * @param table path of the table of dead letters
   */
  public DataFile in(String table) {
    return new DataFile(table + "/" + name, bytes, modificationTime, Map.of(), rows, statistics);
  }
}
