package io.millrace.ingest.driver;

import io.millrace.core.config.Breaker;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The batches within a breaker's window. No I/O; used by one thread. */
final class BreakerWindow {
  private record Batch(Instant at, long rows, long dead) {}

  private final Breaker breaker;
  private final Deque<Batch> batches = new ArrayDeque<>();
  private long rows;
  private long dead;

  BreakerWindow(Breaker breaker) {
    this.breaker = breaker;
  }

  /** Takes a batch into account; says in words why the stream has to stop, if it has. */
  Optional<String> add(Instant at, long batchRows, long batchDead) {
    batches.addLast(new Batch(at, batchRows, batchDead));
    rows += batchRows;
    dead += batchDead;
    Instant start = at.minus(breaker.window());
    while (batches.getFirst().at.isBefore(start)) {
      Batch old = batches.removeFirst();
      rows -= old.rows;
      dead -= old.dead;
    }
    boolean trips = dead > breaker.records() && dead * 100.0 > breaker.percent() * (rows + dead);
    return trips
        ? Optional.of(
            "%,d of %,d records of the last %s were dead letters, its breaker allows %,d and %s %%"
                .formatted(
                    dead,
                    rows + dead,
                    breaker.window().toString().substring(2).toLowerCase(java.util.Locale.ROOT),
                    breaker.records(),
                    breaker.percent()))
        : Optional.empty();
  }
}
