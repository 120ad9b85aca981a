package io.millrace.cli.demo;

import io.millrace.cli.CommitFollower;
import io.millrace.cli.ProduceReport;
import io.millrace.cli.Version;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.ingest.IngestResult;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Everything that was measured in one run.
 *
 * @param brokerCpu the broker's processor time from before the ingest started until it had all
 */
record DemoMeasures(
    ProduceReport produced,
    IngestResult ingested,
    VerifyOutcome verified,
    CommitFollower commits,
    Duration brokerCpu,
    long kafkaBytes,
    long tableBytes) {

  /** What the demo exits with: 0 only where all is proven. */
  ExitCode exitCode() {
    if (produced.failed() > 0 || !verified.ok()) {
      return verified.exitCode() == ExitCode.UNREACHABLE.code()
          ? ExitCode.UNREACHABLE
          : ExitCode.ANSWER_IS_NO;
    }
    return ExitCode.OK;
  }

  DemoReport report(DemoOptions options, int partitions, Instant commandStart, StreamConfig stream)
      throws IOException {
    List<CommitFollower.Commit> all = commits.commits();
    return new DemoReport(
        1,
        new DemoReport.Parameters(
            options.records(),
            partitions,
            options.rate(),
            options.seed(),
            options.keyed(),
            options.heap()),
        new DemoReport.Produced(produced.acknowledged(), produced.failed(), produced.bytes()),
        new DemoReport.Table(
            stream.table(), verified.version(), verified.rows(), commits.rows(), all.size()),
        new DemoReport.Verified(
            verified.ok(), verified.lost(), verified.duplicated(), verified.took().toMillis()),
        new DemoReport.Rate(produced.recordsPerSecond(), ingestRate(all), endToEnd(all)),
        cpu(),
        freshness(stream),
        all.isEmpty() ? -1 : all.get(0).readableMillis() - commandStart.toEpochMilli(),
        new DemoReport.Disk(kafkaBytes, tableBytes),
        versions());
  }

  /** After the first batch, where there are several; the first batch is mostly waiting. */
  private static double ingestRate(List<CommitFollower.Commit> all) {
    if (all.size() < 2) {
      return -1;
    }
    long rows = all.stream().skip(1).mapToLong(CommitFollower.Commit::rows).sum();
    return perSecond(rows, last(all).readableMillis() - all.get(0).readableMillis());
  }

  private double endToEnd(List<CommitFollower.Commit> all) {
    return all.isEmpty() || produced.firstSendMillis() < 0
        ? -1
        : perSecond(
            produced.acknowledged(), last(all).readableMillis() - produced.firstSendMillis());
  }

  private static CommitFollower.Commit last(List<CommitFollower.Commit> all) {
    return all.get(all.size() - 1);
  }

  private static double perSecond(long records, long millis) {
    return records * 1e3 / Math.max(1, millis);
  }

  private DemoReport.Cpu cpu() {
    IngestResult.Stream stream = ingested.streams().get(0);
    return new DemoReport.Cpu(
        micros(produced.cpuNanosAtEnd(), produced.acknowledged()),
        micros(brokerCpu.toNanos(), produced.acknowledged()),
        micros(ingested.cpuNanosAtEnd(), stream.records()),
        micros(
            ingested.cpuNanosAtEnd() - ingested.cpuNanosAtFirstCommit(),
            stream.records() - stream.firstBatchRecords()));
  }

  private static double micros(long nanos, long records) {
    return records <= 0 ? -1 : nanos / 1e3 / records;
  }

  private DemoReport.FreshnessMillis freshness(StreamConfig stream) throws IOException {
    String column = stream.columns().timestamp().orElse(null);
    Freshness freshness = new Freshness();
    if (column != null) {
      for (CommitFollower.Commit commit : commits.commits()) {
        freshness.add(commit, column);
      }
    }
    return new DemoReport.FreshnessMillis(
        freshness.quantile(0.50), freshness.quantile(0.95), freshness.quantile(0.99));
  }

  private static Map<String, String> versions() {
    Properties built = Version.all();
    Map<String, String> versions = new LinkedHashMap<>();
    for (String name : List.of("millrace", "spark", "delta", "kafka")) {
      versions.put(name, built.getProperty(name));
    }
    versions.put("java", Runtime.version().toString());
    return versions;
  }
}
