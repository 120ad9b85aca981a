package io.millrace.ingest;

import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.driver.BatchObserver;
import io.millrace.ingest.driver.CommittedBatch;
import io.millrace.ingest.driver.StreamRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds up the batches of one stream and logs a line for each. */
final class StreamTotals implements BatchObserver {
  private static final Logger log = LoggerFactory.getLogger(StreamTotals.class);
  private static final double MIB = 1 << 20;

  private final StreamConfig stream;
  private long batches;
  private long records;
  private long nulls;
  private long deadLetters;
  private long filtered;
  private long bytes;
  private long files;
  private long fileBytes;
  private long triggerMillis;
  private long taskMillis;
  private CommittedBatch first;
  private CommittedBatch last;

  StreamTotals(StreamConfig stream) {
    this.stream = stream;
  }

  @Override
  public synchronized void committed(CommittedBatch batch) {
    first = first == null ? batch : first;
    last = batch;
    batches++;
    records += batch.rows();
    nulls += batch.nulls();
    deadLetters += batch.deadLetters();
    filtered += batch.filtered();
    bytes += batch.bytes();
    files += batch.files();
    fileBytes += batch.fileBytes();
    long millis = Math.max(1, batch.committedMillis() - batch.triggerMillis());
    triggerMillis += millis;
    taskMillis += batch.taskMillis();
    log.atInfo()
        .addKeyValue("stream", batch.stream())
        .addKeyValue("batch", batch.sequence())
        .addKeyValue("version", batch.version())
        .addKeyValue("records", batch.rows())
        .addKeyValue("nulls", batch.nulls())
        .addKeyValue("deadLetters", batch.deadLetters())
        .addKeyValue("filtered", batch.filtered())
        .addKeyValue("MiB", "%.1f".formatted(batch.bytes() / MIB))
        .addKeyValue("recordsPerSecond", batch.rows() * 1000 / millis)
        .addKeyValue("lag", batch.lag())
        .addKeyValue("files", batch.files())
        .addKeyValue("fileMiB", "%.1f".formatted(batch.fileBytes() / MIB))
        .addKeyValue("millis", millis)
        .addKeyValue("commitMillis", batch.committedMillis() - batch.tasksDoneMillis())
        .log("committed");
  }

  /**
   * @param failure what ended the stream, or null
   */
  synchronized IngestResult.Stream result(StreamRunner runner, MillraceException failure) {
    return new IngestResult.Stream(
        stream.name(),
        stream.topic(),
        runner.table(),
        batches,
        records,
        nulls,
        deadLetters,
        filtered,
        bytes,
        files,
        fileBytes,
        first == null ? 0 : first.rows(),
        first == null ? -1 : first.version(),
        last == null ? -1 : last.version(),
        first == null ? -1 : first.committedMillis(),
        last == null ? -1 : last.committedMillis(),
        triggerMillis,
        taskMillis,
        runner.restarts(),
        failure == null ? null : failure.getMessage(),
        failure == null ? ExitCode.OK.code() : failure.exitCode().code());
  }
}
