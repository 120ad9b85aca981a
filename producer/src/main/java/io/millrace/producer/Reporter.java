package io.millrace.producer;

import java.time.Duration;
import java.util.List;

/** Tells the listener how far the run is. */
final class Reporter {
  private final ProduceListener listener;
  private final List<Delivery> deliveries;
  private final Failures failures;
  private final DeadLetters deadLetters;
  private final Timeline timeline;
  private final long total;
  private long lastNanos;
  private long lastAcknowledged;

  /**
   * @param deadLetters null: the run has none
   */
  Reporter(
      ProduceListener listener,
      List<Delivery> deliveries,
      Failures failures,
      DeadLetters deadLetters,
      Timeline timeline,
      long total) {
    this.listener = listener;
    this.deliveries = deliveries;
    this.failures = failures;
    this.deadLetters = deadLetters;
    this.timeline = timeline;
    this.total = total;
  }

  void reportIfDue() {
    if (timeline.elapsedNanos() - lastNanos >= Producer.PROGRESS_INTERVAL.toNanos()) {
      report();
    }
  }

  void report() {
    long now = timeline.elapsedNanos();
    // Acknowledged and failed are read first, so that they are never more than sent.
    long acknowledged = deliveries.stream().mapToLong(d -> d.account().total()).sum();
    long failed = failures.total();
    long dead = deadLetters == null ? 0 : deadLetters.acknowledged();
    long sent =
        deliveries.stream().mapToLong(Delivery::sent).sum()
            + (deadLetters == null ? 0 : deadLetters.sent());
    double rate = (acknowledged - lastAcknowledged) * 1e9 / Math.max(1, now - lastNanos);
    lastNanos = now;
    lastAcknowledged = acknowledged;
    listener.progress(
        new Progress(sent, acknowledged, failed, dead, total, Duration.ofNanos(now), rate));
  }
}
