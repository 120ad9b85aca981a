package io.millrace.ingest;

import io.millrace.core.error.ExitCode;
import io.millrace.core.json.JsonFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What one run did; also the JSON behind {@code ingest --report}. Times are milliseconds since the
 * epoch, -1 where there is none.
 *
 * @param format version of this layout, 1
 * @param drained with {@code once}: whether everything that was there at the start is committed
 * @param processStartMillis start of this process
 * @param endMillis end of the run
 * @param cpuNanosAtFirstCommit CPU time of the whole process, from its start to the end of its
 *     first batch, as the operating system counts it; -1 without a batch
 * @param cpuNanosAtEnd the same at the run's end
 * @param streams in the config's order
 */
public record IngestResult(
    int format,
    boolean drained,
    long processStartMillis,
    long endMillis,
    long cpuNanosAtFirstCommit,
    long cpuNanosAtEnd,
    List<Stream> streams) {
  public static final int FORMAT = 1;

  /**
   * One stream's part.
   *
   * @param stream name of the stream
   * @param topic name of the topic
   * @param table absolute path of the table; the config's where it could not be opened
   * @param batches commits that took something from the topic
   * @param records records that became rows
   * @param nulls records with a null value, skipped
   * @param deadLetters records that can't be rows
   * @param filtered records that the stream's SQL filtered out
   * @param bytes bytes of the Kafka values taken
   * @param files data files committed
   * @param fileBytes bytes of these
   * @param firstBatchRecords records of the run's first batch
   * @param firstVersion table version of the first batch, -1 without one
   * @param lastVersion table version of the last batch, -1 without one
   * @param firstCommitMillis when the first batch was committed
   * @param lastCommitMillis when the last batch was committed
   * @param triggerMillis time from trigger to commit, summed over the batches
   * @param taskMillis time spent in tasks, summed over all tasks
   * @param restarts how often the query was started again after a failure
   * @param error one line, null where the stream ended well
   * @param exitCode {@link ExitCode#code} that the error stands for, 0 without one
   */
  public record Stream(
      String stream,
      String topic,
      String table,
      long batches,
      long records,
      long nulls,
      long deadLetters,
      long filtered,
      long bytes,
      long files,
      long fileBytes,
      long firstBatchRecords,
      long firstVersion,
      long lastVersion,
      long firstCommitMillis,
      long lastCommitMillis,
      long triggerMillis,
      long taskMillis,
      int restarts,
      String error,
      int exitCode) {}

  public IngestResult {
    streams = List.copyOf(streams);
  }

  /** The first stream that failed, if any did. */
  public Optional<Stream> firstFailure() {
    return streams.stream().filter(s -> s.exitCode() != ExitCode.OK.code()).findFirst();
  }

  /** Writes this as JSON, fields named as here. */
  public void writeTo(Path file) {
    JsonFile.report(file).write(this);
  }
}
