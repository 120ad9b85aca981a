package io.millrace.cli.drill;

import io.millrace.cli.ChildCommand;
import io.millrace.core.error.ExitCode;
import io.millrace.lake.ledger.Ledger;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A second ingest of the stream, begun while the first one holds in the middle of a batch and then
 * goes on: the newer one wins, the older one ends and says so, and its batch is in the table once.
 */
final class Twin {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final DrillSystem system;
  private final RunningIngest older;

  private Twin(DrillSystem system, RunningIngest older) {
    this.system = system;
    this.older = older;
  }

  /** Starts the newer one, which from then on is the system's. */
  static Twin start(DrillSystem system) throws IOException {
    Twin twin = new Twin(system, system.ingest());
    system.startIngest();
    return twin;
  }

  /**
   * Lets the older one go on, once the newer one has committed.
   *
   * @return what it did that it must not do; empty where it ended as it should
   */
  Optional<String> end() throws IOException, InterruptedException {
    try {
      older.crashes().release();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!older.process().await(POLL)) {
        if (system
            .flow()
            .ledger()
            .map(Ledger::owner)
            .filter(o -> o.startsWith(older.owner()))
            .isPresent()) {
          return Optional.of("the older ingest went on and committed");
        }
        if (System.nanoTime() > deadline) {
          return Optional.of("the older ingest did not end");
        }
      }
      return wrongEnd(older.process());
    } finally {
      older.process().kill();
    }
  }

  private Optional<String> wrongEnd(ChildCommand ended) {
    int code = ended.exitCode();
    if (code != ExitCode.PROTECTED.code()) {
      return Optional.of("the older ingest ended with exit code " + code);
    }
    String words = ended.failure().reason();
    return words.contains(system.ingest().owner())
        ? Optional.empty()
        : Optional.of("the older ingest does not say who took over: " + words);
  }
}
