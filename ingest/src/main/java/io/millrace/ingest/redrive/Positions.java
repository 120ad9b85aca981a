package io.millrace.ingest.redrive;

import io.millrace.lake.deadletter.DeadLetterEntry;
import io.millrace.lake.ledger.LetterSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Dead letters that were chosen. */
final class Positions implements LetterSet.Letters {
  private final Map<Integer, Set<Long>> offsets = new HashMap<>();
  private long count;

  void add(DeadLetterEntry entry) {
    if (offsets.computeIfAbsent(entry.partition(), p -> new HashSet<>()).add(entry.offset())) {
      count++;
    }
  }

  long count() {
    return count;
  }

  @Override
  public boolean contains(int partition, long offset) {
    return offsets.getOrDefault(partition, Set.of()).contains(offset);
  }
}
