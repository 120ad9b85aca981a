package io.millrace.lake.history;

import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The first version of a table that has taken a topic up to given positions.
 *
 * @param found empty where no version has, see {@code missing}
 * @param isOldest whether it is the oldest that can still be read: versions before it may have had
 *     them, too
 * @param missing what the latest version lacks
 */
public record AsOf(Optional<LedgerVersion> found, boolean isOldest, List<Missing> missing) {

  /**
   * A partition that the table has not taken so far.
   *
   * @param wanted offset up to which, exclusive
   * @param next the offset that the table goes on at; empty where the stream does not know the
   *     partition
   */
  public record Missing(int partition, long wanted, Optional<Long> next) {}

  /**
   * Searches a stream's history, in the topic's generation of its latest version.
   *
   * @param upTo by partition the offset up to which, exclusive; at least one
   */
  public static AsOf of(LedgerHistory history, SortedMap<Integer, Long> upTo) {
    Optional<Ledger> latest = history.at(history.latest()).map(LedgerVersion::ledger);
    int generation = latest.map(Ledger::generation).orElse(Ledger.FIRST_GENERATION);
    Optional<LedgerVersion> found =
        history.first(
            ledger -> ledger.generation() == generation && missing(ledger, upTo).isEmpty());
    if (found.isPresent()) {
      return new AsOf(found, found.get().version() == history.oldest(), List.of());
    }
    return new AsOf(
        found,
        false,
        latest.isPresent()
            ? missing(latest.get(), upTo)
            : upTo.entrySet().stream()
                .map(e -> new Missing(e.getKey(), e.getValue(), Optional.empty()))
                .toList());
  }

  private static List<Missing> missing(Ledger ledger, SortedMap<Integer, Long> upTo) {
    List<Missing> missing = new ArrayList<>();
    upTo.forEach(
        (partition, wanted) -> {
          PartitionEntry entry = ledger.partitions().get(partition);
          if ((entry == null ? 0 : entry.next()) < wanted) {
            missing.add(
                new Missing(
                    partition, wanted, Optional.ofNullable(entry).map(PartitionEntry::next)));
          }
        });
    return missing;
  }
}
