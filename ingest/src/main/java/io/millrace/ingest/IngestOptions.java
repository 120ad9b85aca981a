package io.millrace.ingest;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What one run of {@link Ingest} does with a config.
 *
 * @param once take what is in the topics at the start, then end
 * @param resume let streams run again that their breaker has stopped
 * @param streams names of the streams to run; empty means all of the config
 * @param firstBatchRecords most records the first batch of each stream takes, at least 1: a small
 *     one commits early and warms the JVM up
 * @param acceptance what the operator accepts at the start
 * @param report where {@link IngestResult#writeTo} puts the result when the run ends, if anywhere
 */
public record IngestOptions(
    boolean once,
    boolean resume,
    Set<String> streams,
    long firstBatchRecords,
    Acceptance acceptance,
    Optional<Path> report) {
  /** First batch where nothing else is said. */
  public static final long DEFAULT_FIRST_BATCH_RECORDS = 500_000;

  public IngestOptions {
    streams = Set.copyOf(streams);
    if (firstBatchRecords < 1) {
      throw new IllegalArgumentException("firstBatchRecords must be at least 1");
    }
  }

  /** All streams, until stopped. */
  public static IngestOptions continuous() {
    return of(false, Acceptance.NOTHING);
  }

  /** All streams, until what is there now is drained. */
  public static IngestOptions drain() {
    return of(true, Acceptance.NOTHING);
  }

  /** As {@link #drain}, with what the operator accepts. */
  public static IngestOptions drain(Acceptance acceptance) {
    return of(true, acceptance);
  }

  private static IngestOptions of(boolean once, Acceptance acceptance) {
    return new IngestOptions(
        once, false, Set.of(), DEFAULT_FIRST_BATCH_RECORDS, acceptance, Optional.empty());
  }
}
