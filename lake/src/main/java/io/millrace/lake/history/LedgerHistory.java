package io.millrace.lake.history;

import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.LakeErrors;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.ledger.Ledger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * A stream's ledgers by the versions of its table, as far as the table's log goes back. Others may
 * commit meanwhile: this one keeps to what there was when it was opened. One thread.
 */
public final class LedgerHistory {
  private final String path;
  private final Configuration hadoop;
  private final String stream;
  private final long oldest;
  private final long latest;

  private LedgerHistory(
      String path, Configuration hadoop, String stream, long oldest, long latest) {
    this.path = path;
    this.hadoop = hadoop;
    this.stream = stream;
    this.oldest = oldest;
    this.latest = latest;
  }

  /**
   * Looks how far the table's log goes back; empty where there is no table.
   *
   * @param hadoop the config's settings of file systems
   * @throws io.millrace.core.error.MillraceException {@code UNREACHABLE} where the path can't be
   *     read, {@code PROTECTED} where what is there can't be read as a Delta table
   */
  public static Optional<LedgerHistory> open(
      String path, Map<String, String> hadoop, String stream) {
    Configuration configuration = LakeConfiguration.of(hadoop);
    try {
      return PinnedTable.latest(path, configuration)
          .map(
              table ->
                  new LedgerHistory(
                      path, configuration, stream, table.oldestReadable(), table.version()));
    } catch (RuntimeException e) {
      throw LakeErrors.unreadable(path, e);
    }
  }

  /** The oldest version that readers can still go back to. */
  public long oldest() {
    return oldest;
  }

  public long latest() {
    return latest;
  }

  /**
   * The ledger at a version between {@link #oldest} and {@link #latest}; empty where the stream had
   * not begun by then.
   */
  public Optional<LedgerVersion> at(long version) {
    try {
      PinnedTable table = PinnedTable.at(path, hadoop, version);
      return table
          .domain(DeltaTable.ledgerDomain(stream))
          .map(Ledger::fromJson)
          .map(ledger -> new LedgerVersion(version, table.millis(), ledger, closed(table, ledger)));
    } catch (RuntimeException e) {
      throw LakeErrors.unreadable(path, e);
    }
  }

  private List<Ledger> closed(PinnedTable table, Ledger now) {
    return IntStream.range(Ledger.FIRST_GENERATION, now.generation())
        .mapToObj(generation -> table.domain(DeltaTable.closedDomain(stream, generation)))
        .flatMap(Optional::stream)
        .map(Ledger::fromJson)
        .toList();
  }

  /**
   * The same, up to the last version before the next generation of the topic began.
   *
   * @return empty where the log has no version of that generation
   */
  public Optional<LedgerHistory> ofGeneration(int generation) {
    Optional<LedgerVersion> last = at(latest);
    int now = last.map(version -> version.ledger().generation()).orElse(Ledger.FIRST_GENERATION);
    if (generation >= now) {
      return generation == now ? Optional.of(this) : Optional.empty();
    }
    long next = halve(ledger -> ledger.generation() > generation, oldest, last.get()).version();
    return next == oldest
        ? Optional.empty()
        : Optional.of(new LedgerHistory(path, hadoop, stream, oldest, next - 1));
  }

  /**
   * The first version whose ledger is as asked for, found by halving; empty where the latest one is
   * not.
   *
   * @param wanted must stay true once it is, as ledgers only grow; where a RESTORE took one back,
   *     the versions after it and those that it went back to are searched
   */
  public Optional<LedgerVersion> first(Predicate<Ledger> wanted) {
    return first(wanted, latest);
  }

  private Optional<LedgerVersion> first(Predicate<Ledger> wanted, long high) {
    Optional<LedgerVersion> last = at(high).filter(version -> wanted.test(version.ledger()));
    Ledger.Restored restored = last.map(version -> version.ledger().restored()).orElse(null);
    if (restored == null) {
      return last.map(version -> halve(wanted, oldest, version));
    }
    // Sequence numbers grow whatever is restored.
    LedgerVersion taken =
        halve(ledger -> ledger.sequence() >= restored.sequence(), oldest, last.get());
    Optional<LedgerVersion> before =
        taken.version() == oldest || !wanted.test(taken.ledger())
            ? Optional.empty()
            : first(wanted, Math.max(restored.version(), oldest));
    return before.or(() -> Optional.of(halve(wanted, taken.version(), last.get())));
  }

  private LedgerVersion halve(Predicate<Ledger> wanted, long oldestVersion, LedgerVersion last) {
    LedgerVersion found = last;
    long low = oldestVersion;
    long high = last.version();
    while (low < high) {
      long middle = low + (high - low) / 2;
      Optional<LedgerVersion> there = at(middle).filter(v -> wanted.test(v.ledger()));
      if (there.isPresent()) {
        found = there.get();
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return found;
  }
}
