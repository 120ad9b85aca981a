package io.millrace.lake.delta;

import io.delta.kernel.Snapshot;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.ledger.Ledger;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Looks what others have committed to a table since it was last looked at, as far as it concerns a
 * stream. One thread.
 */
final class OthersReview {
  private final String path;
  private final Configuration hadoop;

  /** No commit up to this version needs a look; -1 before the first. */
  private long reviewed = -1;

  OthersReview(String path, Configuration hadoop) {
    this.path = path;
    this.hadoop = hadoop;
  }

  /**
   * @throws MillraceException {@code PROTECTED} where the table's files are not those that the
   *     stream's ledger speaks of; {@code UNREACHABLE} where the log can't be read
   */
  void requireNothingTakenBack(String stream, Snapshot now) {
    look(stream, now)
        .ifPresent(
            to -> {
              throw new TableRestoredException(path, stream, to.version(), to.to());
            });
  }

  /**
   * A RESTORE that took back what the stream has committed, which from here on is known.
   *
   * @param ledger the table's
   */
  Optional<Restoration> restoration(Ledger ledger, Snapshot now) {
    return look(ledger.stream(), now).map(to -> restoration(ledger, to));
  }

  private Optional<TakenBack.To> look(String stream, Snapshot now) {
    Optional<TakenBack.To> found =
        new TakenBack(path, hadoop, stream).find(now.getVersion(), reviewed);
    reviewed = now.getVersion();
    return found;
  }

  private Restoration restoration(Ledger ledger, TakenBack.To to) {
    String stream = ledger.stream();
    PinnedTable then = PinnedTable.at(path, hadoop, to.to());
    Optional<Ledger> before = then.domain(DeltaTable.ledgerDomain(stream)).map(Ledger::fromJson);
    int generation = before.map(Ledger::generation).orElse(Ledger.FIRST_GENERATION);
    if (generation != ledger.generation()) {
      throw new MillraceException(
          ExitCode.PROTECTED,
          "Stream %s can't go on in the table %s".formatted(stream, path),
          "version %d (RESTORE) took the table back to version %d, of generation %d of the topic; the stream is in generation %d"
              .formatted(to.version(), to.to(), generation, ledger.generation()),
          "RESTORE the table to version %d, or to one since generation %d began"
              .formatted(to.version() - 1, ledger.generation()));
    }
    return new Restoration(
        to.version(),
        to.to(),
        ledger.restoredTo(to.to(), before),
        ResolutionFiles.read(
            then.domain(DeltaTable.redriveDomain(stream, generation)), stream, path, hadoop));
  }
}
