package io.millrace.core.config;

import java.time.Instant;

/** Where a stream begins in a topic of which its table holds nothing yet. */
public sealed interface StartingOffsets {
  /** The log's start. */
  record Earliest() implements StartingOffsets {}

  /** The log's end when the stream first starts; only what comes later is ingested. */
  record Latest() implements StartingOffsets {}

  /**
   * In each partition, the first record whose timestamp is at or after this; the end where there is
   * none.
   */
  record AtTimestamp(Instant timestamp) implements StartingOffsets {}
}
