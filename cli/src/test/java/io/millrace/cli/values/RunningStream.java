package io.millrace.cli.values;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.SparkSessions;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.process.StopSignal;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestOptions;
import io.millrace.ingest.IngestResult;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The stream of a config while it runs in this process; closing ends its Spark session, too. */
final class RunningStream implements AutoCloseable {
  private final MillraceConfig config;
  private final StopSignal stop = new StopSignal();
  private final CompletableFuture<IngestResult> run;

  RunningStream(MillraceConfig config) {
    this.config = config;
    run =
        CompletableFuture.supplyAsync(
            () ->
                Ingest.run(
                    config,
                    IngestOptions.continuous(),
                    stop,
                    failure -> {},
                    InstantSource.system()));
  }

  /** Until the table has so many rows and the other so many dead letters. */
  void await(long rows, long deadLetters) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    StreamReport report = verify(config, VerifyOptions.Values.NEVER);
    while (report.rows() < rows || report.deadLetters() < deadLetters) {
      assertThat(run).isNotDone();
      assertThat(System.nanoTime()).as("waited for " + rows + " rows").isLessThan(deadline);
      Thread.sleep(50);
      report = verify(config, VerifyOptions.Values.NEVER);
    }
  }

  /** Once it has ended by itself. */
  IngestResult ended() throws Exception {
    return run.get(2, TimeUnit.MINUTES);
  }

  /**
   * Ends it, without a failure or restart so far, compares every value with the topic, and finds
   * nothing to remark on.
   */
  StreamReport stopAndProve() throws Exception {
    StreamReport report = stopAndCompare();
    assertThat(report.notes()).isEmpty();
    return report;
  }

  /** Ends it, without a failure or restart so far, and compares every value with the topic. */
  StreamReport stopAndCompare() throws Exception {
    stop.ask();
    IngestResult result = run.get(1, TimeUnit.MINUTES);
    assertThat(result.firstFailure()).isEmpty();
    assertThat(result.streams().get(0).restarts()).isZero();
    StreamReport report = verify(config, VerifyOptions.Values.ALWAYS);
    assertThat(report.findings()).isEmpty();
    assertThat(report.valuesCompared()).isEqualTo(report.rows());
    return report;
  }

  /** What verify says without the values. */
  static StreamReport verify(MillraceConfig config) throws InterruptedException {
    return verify(config, VerifyOptions.Values.NEVER);
  }

  private static StreamReport verify(MillraceConfig config, VerifyOptions.Values values)
      throws InterruptedException {
    VerifyOptions options = new VerifyOptions(Set.of(), List.of(), values, 2);
    return Verifier.verify(config, options, (stream, phase, done, total) -> {}).streams().get(0);
  }

  @Override
  public void close() {
    stop.ask();
    run.handle((result, failure) -> null).join();
    SparkSessions.stop();
  }
}
