package io.millrace.ingest.driver;

import io.millrace.core.column.TableLayout;
import io.millrace.ingest.task.TaskResult;
import io.millrace.ingest.task.TaskResult.Held;
import io.millrace.lake.DataFile;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.ledger.Taken;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the tasks of one batch did, taken together. */
final class BatchResults {
  private final List<TaskResult> tasks;
  private final List<Taken> taken;

  /**
   * @throws io.millrace.core.error.MillraceException the first refusal of a task
   */
  BatchResults(List<TaskResult> tasks) {
    for (TaskResult task : tasks) {
      if (task.refusal() != null) {
        throw task.refusal().toException();
      }
    }
    this.tasks = tasks;
    this.taken =
        tasks.stream()
            .flatMap(r -> r.taken().stream())
            .filter(t -> t.to() > t.from())
            .sorted(Comparator.comparingInt(Taken::partition).thenComparingLong(Taken::from))
            .toList();
  }

  /** By partition and offset, without those in which nothing was taken. */
  List<Taken> taken() {
    return taken;
  }

  long sum(ToLongFunction<Taken> figure) {
    return taken.stream().mapToLong(figure).sum();
  }

  /** Whether each partition's ranges follow on the ledger and on each other. */
  boolean followOn(Ledger ledger) {
    Map<Integer, Long> next = new HashMap<>();
    for (Taken range : taken) {
      PartitionEntry entry = ledger.partitions().get(range.partition());
      long from = next.getOrDefault(range.partition(), entry == null ? 0 : entry.next());
      if (range.from() != from) {
        return false;
      }
      next.put(range.partition(), range.to());
    }
    return true;
  }

  List<DataFile> files() {
    return tasks.stream().flatMap(r -> r.files().stream()).toList();
  }

  List<DataFile> deadLetterFiles() {
    return tasks.stream().flatMap(r -> r.deadLetters().stream()).toList();
  }

  /** Partitions that wait for a schema. */
  List<Held> held() {
    return tasks.stream().flatMap(r -> r.held().stream()).toList();
  }

  /** Partitions of which something was to be read. */
  Set<Integer> partitionsRead() {
    return tasks.stream()
        .flatMap(r -> r.taken().stream())
        .map(Taken::partition)
        .collect(Collectors.toSet());
  }

  /** Layouts of files that have more than the table. */
  List<TableLayout> widened() {
    return tasks.stream().map(TaskResult::widened).filter(Objects::nonNull).distinct().toList();
  }

  /** Layouts of records that have more than the SQL was compiled for. */
  Stream<TableLayout> widenedInputs() {
    return tasks.stream().map(TaskResult::widenedInput).filter(Objects::nonNull);
  }

  /** Bytes of the values taken. */
  long bytes() {
    return tasks.stream().mapToLong(TaskResult::bytes).sum();
  }

  /** Bytes of the largest value. */
  long largestValue() {
    return tasks.stream().mapToLong(TaskResult::largestValue).max().orElse(0);
  }

  /** Time that the tasks took, one after the other. */
  long taskMillis() {
    return tasks.stream().mapToLong(TaskResult::nanos).sum() / 1_000_000;
  }
}
