package io.millrace.cli.demo;

import java.util.Map;

/**
 * What {@code demo --report} writes; docs/demo-report.md says how each figure is measured. A figure
 * that can't be told is -1.
 *
 * @param format version of this layout, 1
 * @param firstCommitMillis from the start of the command to the first batch that could be read
 * @param versions of Millrace, Spark, Delta, Kafka and Java
 */
record DemoReport(
    int format,
    Parameters parameters,
    Produced produced,
    Table table,
    Verified verify,
    Rate rate,
    Cpu cpuMicrosPerRecord,
    FreshnessMillis freshnessMillis,
    long firstCommitMillis,
    Disk disk,
    Map<String, String> versions) {

  /** What was asked for; partitions are those of the topic. */
  record Parameters(
      long records, int partitions, long rate, long seed, boolean keyed, String ingestHeap) {}

  /** What this run's producer did. */
  record Produced(long acknowledged, long failed, long bytes) {}

  /** The table after the run, earlier runs' records included. */
  record Table(String path, long version, long records, long recordsOfThisRun, int batches) {}

  /** What verify found, over the whole table. */
  record Verified(boolean ok, long lost, long duplicated, long millis) {}

  /** Records per second. */
  record Rate(double produce, double ingest, double endToEnd) {}

  /** Processor time, all threads of a process, over the records of this run. */
  record Cpu(double producer, double broker, double ingest, double ingestSteady) {}

  /** Intended send time to readable commit, weighted by records. */
  record FreshnessMillis(long p50, long p95, long p99) {}

  /** Bytes on the disk after the run. */
  record Disk(long kafkaBytes, long tableBytes) {}
}
