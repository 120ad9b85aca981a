package io.millrace.cli.drill;

import io.millrace.core.manifest.Manifest;
import io.millrace.core.manifest.PayloadHash;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What producers had counted as acknowledged, held against what is in the topic. A producer sends
 * in order and each record once, so between the first and the last offset of its account lie
 * exactly its acknowledged records, and those of others whose accounts overlap with it.
 */
final class PromisedRecords {
  private final Map<Integer, List<Span>> spans = new HashMap<>();
  private long acknowledged;

  private static final class Span {
    private final Manifest.Entry entry;
    private long found;
    private long hash;

    private Span(Manifest.Entry entry) {
      this.entry = entry;
    }

    private long missing() {
      boolean others = found == entry.acknowledged() && hash != entry.hashValue();
      return others ? entry.acknowledged() : Math.max(0, entry.acknowledged() - found);
    }
  }

  /**
   * @param accounts of all producers of one topic, killed ones included
   */
  PromisedRecords(List<Manifest> accounts) {
    if (accounts.isEmpty()) {
      return;
    }
    Manifest.spans(accounts)
        .forEach(
            (partition, entries) -> spans.put(partition, entries.stream().map(Span::new).toList()));
    acknowledged =
        accounts.stream()
            .flatMap(account -> account.partitions().stream())
            .mapToLong(Manifest.Entry::acknowledged)
            .sum();
  }

  /** A record of the topic. */
  void found(int partition, long offset, byte[] value) {
    List<Span> all = spans.getOrDefault(partition, List.of());
    int low = 0;
    int high = all.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Span span = all.get(middle);
      if (offset < span.entry.firstOffset()) {
        high = middle - 1;
      } else if (offset > span.entry.lastOffset()) {
        low = middle + 1;
      } else {
        span.found++;
        span.hash += PayloadHash.of(value, 0, value.length);
        return;
      }
    }
  }

  long acknowledged() {
    return acknowledged;
  }

  /**
   * Those that are not in the topic; all of a span where as many are there, and not the same ones.
   */
  long missing() {
    return spans.values().stream().flatMap(List::stream).mapToLong(Span::missing).sum();
  }
}
