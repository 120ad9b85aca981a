package io.millrace.cli.demo;

import java.nio.file.Path;

/**
 * What one demo does.
 *
 * @param directory of broker, registry and lake; absolute
 * @param records how many to produce
 * @param partitions of the topic, where it does not exist yet
 * @param rate records per second, 0 for as fast as possible
 * @param seed of the generator
 * @param keyed whether records are keyed by {@code user_id}
 * @param heap of the ingest process, as {@code -Xmx} takes it
 * @param report where to write the report; null for nowhere
 */
record DemoOptions(
    Path directory,
    long records,
    int partitions,
    long rate,
    long seed,
    boolean keyed,
    String heap,
    Path report) {

  /** At most a tenth of the records, so that the rest shows the steady state. */
  long firstBatchRecords() {
    return Math.max(1, Math.min(500_000, records / 10));
  }
}
