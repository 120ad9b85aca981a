package io.millrace.ingest.driver;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.core.process.StopSignal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/** Waits before a stream is started again, and no longer than until its broker is back. */
final class BrokerWatch {
  private static final Duration BETWEEN = Duration.ofMillis(500);
  private static final String MOST_MILLIS_FOR_AN_ANSWER = "2000";

  private final String topic;
  private final Map<String, String> kafka;

  BrokerWatch(MillraceConfig config, StreamConfig stream) {
    this.topic = stream.topic();
    this.kafka = new HashMap<>(config.kafkaFor(stream));
    kafka.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, MOST_MILLIS_FOR_AN_ANSWER);
    kafka.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, MOST_MILLIS_FOR_AN_ANSWER);
  }

  /**
   * Returns after so long, when asked to stop, or when a broker answers that did not when this was
   * called. Where it answers from the beginning something else failed, and this waits the whole
   * time.
   */
  void await(Duration wait, StopSignal stop) throws InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    try (TopicAdmin admin = new TopicAdmin(TopicAdmin.Use.INGEST, topic, kafka)) {
      if (!answers(admin)) {
        while (left(end).compareTo(Duration.ZERO) > 0 && !stop.await(BETWEEN)) {
          if (answers(admin)) {
            return;
          }
        }
      }
    } catch (MillraceException e) {
      // No client can be made, as where a name server is away: starting the stream again tells.
    }
    stop.await(left(end));
  }

  private static boolean answers(TopicAdmin admin) {
    try {
      admin.clusterId();
      return true;
    } catch (MillraceException e) {
      return false;
    }
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }
}
