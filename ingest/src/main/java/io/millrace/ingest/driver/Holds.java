package io.millrace.ingest.driver;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.plan.Backlog;
import io.millrace.ingest.task.TaskResult.Held;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that wait at a record whose schema can't be had, and when each is tried again. No
 * I/O. Used by one thread.
 */
final class Holds {
  private static final Logger log = LoggerFactory.getLogger(Holds.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  /** One partition's wait. */
  private record Hold(Held at, Instant since, int times, Instant next) {}

  private final String stream;
  private final InstantSource clock;
  private final Map<Integer, Hold> holds = new HashMap<>();

  Holds(String stream, InstantSource clock) {
    this.stream = stream;
    this.clock = clock;
  }

  /** Takes note of where a batch's ranges ended early; what it went past is held no more. */
  void after(List<Held> held, Collection<Integer> read) {
    Map<Integer, Held> now = new HashMap<>();
    held.forEach(h -> now.merge(h.partition(), h, (a, b) -> a.offset() <= b.offset() ? a : b));
    for (int partition : read) {
      Hold before = holds.get(partition);
      Held at = now.get(partition);
      if (at == null) {
        if (before != null) {
          holds.remove(partition);
          log.atInfo()
              .addKeyValue("stream", stream)
              .addKeyValue("partition", partition)
              .log("partition goes on");
        }
      } else {
        holds.put(partition, again(before, at));
      }
    }
  }

  private Hold again(Hold before, Held at) {
    Instant now = clock.instant();
    if (before == null || before.at.offset() != at.offset()) {
      log.atWarn()
          .addKeyValue("stream", stream)
          .addKeyValue("partition", at.partition())
          .addKeyValue("offset", at.offset())
          .addKeyValue("schema", at.schema().text())
          .addKeyValue("cause", at.cause().problem() + ": " + at.cause().reason())
          .log("partition waits for a record's schema; the others go on");
      return new Hold(at, now, 1, now.plus(FIRST_WAIT));
    }
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(before.times, 10));
    return new Hold(
        at,
        before.since,
        before.times + 1,
        now.plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait));
  }

  /** What of the backlog can be tried now. */
  List<Backlog> open(List<Backlog> backlog) {
    Instant now = clock.instant();
    List<Backlog> open = new ArrayList<>();
    for (Backlog b : backlog) {
      Hold hold = holds.get(b.partition());
      if (hold == null || !hold.next.isAfter(now)) {
        open.add(b);
      }
    }
    return open;
  }

  /** Partitions of which a range may end early: no other task must go on behind it. */
  Set<Integer> partitions() {
    return Set.copyOf(holds.keySet());
  }

  /** The next time that a partition is tried again; empty where none waits. */
  Optional<Instant> nextTry() {
    return holds.values().stream().map(Hold::next).min(Instant::compareTo);
  }

  /** Since when the partition that waits longest has waited; empty where none waits. */
  Optional<Instant> since() {
    return holds.values().stream().map(Hold::since).min(Instant::compareTo);
  }

  /** What waits, for people: a sentence a partition, ascending. */
  List<String> sentences() {
    return holds.values().stream()
        .map(Hold::at)
        .sorted(Comparator.comparingInt(Held::partition))
        .map(
            at ->
                "partition %d waits at offset %d for its schema (%s): %s: %s"
                    .formatted(
                        at.partition(),
                        at.offset(),
                        at.schema().text(),
                        at.cause().problem(),
                        at.cause().reason()))
        .toList();
  }

  /** Why the stream can't go on where it has nothing else left. */
  MillraceException exhausted(String topic) {
    Held first = holds.values().stream().map(Hold::at).findFirst().orElseThrow();
    return new MillraceException(
        ExitCode.UNREACHABLE,
        "Stream %s can't get the schema of the record at topic %s, partition %d, offset %d (%s)"
            .formatted(stream, topic, first.partition(), first.offset(), first.schema()),
        first.cause().problem() + ": " + first.cause().reason(),
        "Everything before it is in the table; start again once the registry answers");
  }
}
