package io.millrace.ingest.driver;

import io.millrace.ingest.plan.Backlog;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.ledger.Taken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where a stream stands in its topic: the ledger beside what Kafka has. */
final class Positions {
  private Positions() {}

  /** Ranges of nothing, which make the starting offsets part of the first ledger. */
  static List<Taken> starting(Map<Integer, Long> offsets) {
    return offsets.entrySet().stream()
        .map(e -> new Taken(e.getKey(), e.getValue(), e.getValue(), 0, 0, 0, 0))
        .toList();
  }

  /**
   * What waits in each partition. A partition that the ledger does not know was added after the
   * stream began, so everything in it is the stream's: it begins at offset 0 whatever the starting
   * offsets were.
   *
   * @throws io.millrace.core.error.MillraceException {@code PROTECTED} where going on would lose or
   *     double records
   */
  static List<Backlog> backlog(Ledger ledger, TopicState topic) {
    Guards.requireReadable(ledger, topic);
    List<Backlog> backlog = new ArrayList<>();
    topic
        .partitions()
        .forEach(
            (partition, bounds) -> {
              PartitionEntry entry = ledger.partitions().get(partition);
              long next = entry == null ? 0 : entry.next();
              // A stream that read uncommitted records may be ahead of the end of committed ones.
              backlog.add(new Backlog(partition, next, Math.max(next, bounds.end())));
            });
    return backlog;
  }
}
