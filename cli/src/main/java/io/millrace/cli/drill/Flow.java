package io.millrace.cli.drill;

import io.millrace.cli.CommitFollower;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What comes into the table of a system, and how to wait for it. Each wait ends with an error where
 * ingest has ended by itself. One thread.
 */
final class Flow {
  private static final Duration POLL = Duration.ofMillis(10);

  /** Long enough for any recovery that is one. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final DrillSystem system;
  private final CommitFollower commits;

  Flow(DrillSystem system, CommitFollower commits) {
    this.system = system;
    this.commits = commits;
  }

  /** The table's newest; empty before the first. */
  Optional<Ledger> ledger() throws IOException {
    commits.poll();
    return commits.ledger();
  }

  /** The sum of the offsets taken; 0 before the first. */
  long taken() throws IOException {
    return ledger().map(Flow::taken).orElse(0L);
  }

  private static long taken(Ledger ledger) {
    return ledger.partitions().values().stream().mapToLong(PartitionEntry::next).sum();
  }

  /**
   * Waits until new records were committed: more than were taken before, by the ingest that runs
   * now.
   *
   * @param before as {@link #taken} said
   * @return when the first such commit could be read, milliseconds since the epoch; empty where
   *     there was none in time
   */
  Optional<Long> awaitNew(long before) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      system.requireAlive();
      Optional<Ledger> ledger = ledger();
      if (ledger.isPresent()
          && ledger.get().owner().startsWith(system.ingest().owner())
          && taken(ledger.get()) > before) {
        List<CommitFollower.Commit> all = commits.commits();
        return Optional.of(all.get(all.size() - 1).readableMillis());
      }
      system.ingest().process().await(POLL);
    }
    return Optional.empty();
  }

  /** Waits until ingest holds at the point that was armed; false where it never came there. */
  boolean awaitHeld() throws IOException, InterruptedException {
    return await(() -> system.crashes().held().isPresent());
  }

  /** Waits until the table has taken everything that is in the topic. */
  boolean awaitAll(long offsets) throws IOException, InterruptedException {
    return await(() -> taken() >= offsets);
  }

  /** Waits until the table has taken that record. */
  boolean awaitTaken(OddRecords.Sent record) throws IOException, InterruptedException {
    return await(
        () ->
            ledger()
                .map(ledger -> ledger.partitions().get(record.partition()))
                .filter(entry -> entry.next() > record.offset())
                .isPresent());
  }

  /** Waits until the table was written to at that time or later, by ingest's own clock. */
  boolean awaitWrittenAt(Instant time) throws IOException, InterruptedException {
    return await(
        () -> ledger().filter(ledger -> ledger.writer().at() >= time.toEpochMilli()).isPresent());
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private boolean await(Condition condition) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      system.ingest().process().requireAlive();
      system.ingest().process().await(POLL);
    }
    return true;
  }
}
