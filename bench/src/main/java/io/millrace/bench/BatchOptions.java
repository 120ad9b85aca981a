package io.millrace.bench;

import io.millrace.cli.Converters;
import picocli.CommandLine.Option;

/** How many records a batch takes, on both sides of the comparison. */
final class BatchOptions {
  @Option(
      names = "--max-records-per-trigger",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "Most records a batch (default: 5000000).")
  private long maxRecordsPerTrigger = 5_000_000;

  @Option(
      names = "--first-batch-records",
      paramLabel = "N",
      converter = Converters.Count.class,
      description =
          "Most records of the first batch (default: 500000; in a comparison never more than a"
              + " tenth of all).")
  private long firstBatchRecords = 500_000;

  long maxRecordsPerTrigger() {
    return maxRecordsPerTrigger;
  }

  long firstBatchRecords() {
    return firstBatchRecords;
  }
}
