package io.millrace.producer;

import io.millrace.core.process.StopSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records whose delivery failed, by topic, partition and cause. A failure that does not lie in the
 * record itself ends the run: those after it would fail likewise. Safe for several threads.
 */
final class Failures {
  private record Place(String topic, int partition, String cause) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byTopic = topic.compareTo(other.topic);
      int byPartition = byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
      return byPartition != 0 ? byPartition : cause.compareTo(other.cause);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private final StopSignal stop;
  private final Map<Place, Long> counts = new TreeMap<>();
  private long total;
  private boolean fatal;
  private boolean unreachable;

  /** Stops the run through {@code stop} where a failure is not of one record only. */
  Failures(StopSignal stop) {
    this.stop = stop;
  }

  synchronized void add(String topic, int partition, Exception cause) {
    total++;
    String words = words(cause);
    if (counts.merge(new Place(topic, partition, words), 1L, Long::sum) == 1) {
      LOG.atWarn()
          .addKeyValue("topic", topic)
          .addKeyValue("partition", partition)
          .addKeyValue("cause", words)
          .log("delivery failed");
    }
    if (!liesInRecord(cause)) {
      fatal = true;
      unreachable |= cause instanceof TimeoutException;
      stop.ask();
    }
  }

  /** Without the sizes, counts and ages of the client's words, which differ each time. */
  private static String words(Exception cause) {
    if (cause instanceof TimeoutException) {
      return "not acknowledged in time (delivery.timeout.ms or max.block.ms)";
    }
    if (cause instanceof RecordTooLargeException) {
      return "larger than max.request.size, or than the topic's max.message.bytes";
    }
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }

  private static boolean liesInRecord(Exception cause) {
    return cause instanceof RecordTooLargeException
        || cause instanceof SerializationException
        || cause instanceof InvalidTimestampException;
  }

  synchronized long total() {
    return total;
  }

  /** Whether a failure ended the run. */
  synchronized boolean fatal() {
    return fatal;
  }

  synchronized boolean unreachable() {
    return unreachable;
  }

  synchronized List<DeliveryFailure> list() {
    List<DeliveryFailure> list = new ArrayList<>();
    counts.forEach(
        (place, count) ->
            list.add(new DeliveryFailure(place.topic, place.partition, count, place.cause)));
    return list;
  }
}
