package io.millrace.cli;

import io.millrace.producer.ProduceListener;
import io.millrace.producer.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows how far produce is: one moving line on a terminal, a log line now and then elsewhere. */
final class ProduceListenerLine implements ProduceListener {
  private static final Logger LOG = LoggerFactory.getLogger(ProduceListenerLine.class);
  private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);

  private final ProgressLine line;
  private Duration nextLog = LOG_INTERVAL;

  ProduceListenerLine(PrintWriter err) {
    this.line = ProgressLine.onTerminal(err);
  }

  @Override
  public void ready(String topic, int partitions, int schemaId) {
    LOG.atInfo()
        .addKeyValue("topic", topic)
        .addKeyValue("partitions", partitions)
        .addKeyValue("schemaId", schemaId)
        .log("sending");
  }

  @Override
  public void progress(Progress p) {
    if (ProgressLine.isTerminal()) {
      line.show(
          "%,d%s records acknowledged, %,.0f/s, %,d waiting for acks%s"
              .formatted(
                  p.acknowledged(),
                  p.total() < 0 ? "" : " of %,d".formatted(p.total()),
                  p.recordsPerSecond(),
                  p.pending(),
                  p.failed() == 0 ? "" : ", %,d FAILED".formatted(p.failed())));
    } else if (p.elapsed().compareTo(nextLog) >= 0) {
      nextLog = p.elapsed().plus(LOG_INTERVAL);
      LOG.atInfo()
          .addKeyValue("acknowledged", p.acknowledged())
          .addKeyValue("recordsPerSecond", Math.round(p.recordsPerSecond()))
          .addKeyValue("waitingForAcks", p.pending())
          .addKeyValue("failed", p.failed())
          .log("progress");
    }
  }

  void end() {
    line.clear();
  }
}
