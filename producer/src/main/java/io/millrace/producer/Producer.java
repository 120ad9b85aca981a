package io.millrace.producer;

import io.millrace.core.process.StopSignal;
import io.millrace.core.registry.SchemaRegistry;
import java.time.Duration;

/** Runs a {@link ProduceJob}. */
public final class Producer {
  /** How often a listener hears of progress. */
  public static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);

  private Producer() {}

  /**
   * Registers the schema, waits until the topic is ready, sends, flushes and reports. Returns also
   * where deliveries failed or lines did not fit: {@link ProduceResult#exitCode()} judges.
   *
   * @param registry is not closed
   * @throws io.millrace.core.error.MillraceException where the job can't begin (broker or registry
   *     not reachable, no such topic, incompatible schema, manifest not writable) or its input
   *     can't be read; within about half a minute
   */
  public static ProduceResult run(
      ProduceJob job, SchemaRegistry registry, ProduceListener listener, StopSignal stop) {
    return new Run(job, registry, listener, stop).execute();
  }
}
