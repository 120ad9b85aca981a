package io.millrace.ingest.driver;

import io.millrace.lake.ledger.Ledger;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Kafka where a stream stands, as the offsets of a consumer group without members, for tools
 * that watch lag. A courtesy: it holds nothing up, may fail, and is never read back.
 *
 * <p>Any thread may call. One request is under way at a time; what comes meanwhile is folded into
 * the next one.
 */
final class GroupOffsets implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GroupOffsets.class);
  private static final long CLOSE_WAIT_MILLIS = 5_000;

  private final TopicAdmin topic;
  private final String stream;
  private final String group;

  /** By partition; only ever what Kafka has taken. */
  private final Map<Integer, Long> told = new HashMap<>();

  private Ledger waiting;
  private boolean sending;
  private Class<?> lastFailure;

  GroupOffsets(TopicAdmin topic, String stream, String group) {
    this.topic = topic;
    this.stream = stream;
    this.group = group;
  }

  /** Returns at once. */
  void committed(Ledger ledger) {
    synchronized (this) {
      waiting = ledger;
      if (sending) {
        return;
      }
      sending = true;
    }
    send();
  }

  private void send() {
    Map<Integer, Long> moved = takeMoved();
    if (!moved.isEmpty()) {
      topic.setGroupOffsets(group, moved).whenComplete((done, failure) -> sent(moved, failure));
    }
  }

  /** What to tell; empty where nothing is left, and then nothing is being sent. */
  private synchronized Map<Integer, Long> takeMoved() {
    Map<Integer, Long> moved = new HashMap<>();
    if (waiting != null) {
      waiting
          .partitions()
          .forEach(
              (partition, entry) -> {
                if (!Long.valueOf(entry.next()).equals(told.get(partition))) {
                  moved.put(partition, entry.next());
                }
              });
      waiting = null;
    }
    if (moved.isEmpty()) {
      sending = false;
      notifyAll();
    }
    return moved;
  }

  private void sent(Map<Integer, Long> moved, Throwable failure) {
    synchronized (this) {
      if (failure == null) {
        told.putAll(moved);
        lastFailure = null;
      } else {
        warn(failure instanceof CompletionException ? failure.getCause() : failure);
      }
    }
    send();
  }

  /** Once, and again only for another reason or after it worked. */
  private void warn(Throwable failure) {
    if (failure.getClass() == lastFailure) {
      return;
    }
    lastFailure = failure.getClass();
    log.atWarn()
        .addKeyValue("stream", stream)
        .addKeyValue("group", group)
        .addKeyValue("cause", failure.toString())
        .log("the consumer group's offsets can't be set, the stream goes on. " + remedy(failure));
  }

  private static String remedy(Throwable failure) {
    if (failure instanceof UnknownMemberIdException) {
      return "The group has members of its own: name another consumerGroup";
    }
    if (failure instanceof GroupAuthorizationException) {
      return "Allow this user to READ the group, or set consumerGroup to off";
    }
    return "They are set with the next batch";
  }

  /** Waits a little for what is under way. */
  @Override
  public synchronized void close() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_WAIT_MILLIS);
    try {
      while (sending) {
        long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (millis <= 0) {
          return;
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
