package io.millrace.ingest;

import io.millrace.core.config.MillraceConfig;
import java.time.InstantSource;

/** Runs the streams of a config in one process, under one Spark session. */
public final class Ingest {
  private Ingest() {}

  /**
   * Runs until stopped, drained ({@link IngestOptions#once}), or until every stream has failed. A
   * stream that fails does not take the others with it: they go on, and the failure is in the
   * result, with the exit code that the process should end with.
   *
   * @param stop finishes the batch in hand, then ends the run
   * @throws io.millrace.core.error.MillraceException {@code USAGE} where the options name an
   *     unknown stream or two streams write into one table
   */
  public static IngestResult run(
      MillraceConfig config, IngestOptions options, StopSignal stop, InstantSource clock) {
    throw new IllegalStateException("to be written");
  }
}
