package io.millrace.ingest.driver;

import io.millrace.core.error.MillraceException;
import io.millrace.ingest.plan.Backlog;
import io.millrace.ingest.plan.BatchPlan;
import io.millrace.ingest.plan.Limits;
import io.millrace.ingest.plan.Planner;
import io.millrace.ingest.task.TaskPlan;
import io.millrace.ingest.task.TaskResult;
import io.millrace.ingest.task.TaskSpec;
import io.millrace.lake.DataFile;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.ledger.Ledger;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Plans the batches of one stream from its ledger and commits them.
 *
 * <h2>Idempotency</h2>
 *
 * <p>Every plan starts where the ledger stands, never where Spark's checkpoint says; an offset of
 * Spark's whose targets the ledger has passed yields no work, so a batch that is in the table
 * already is not read again.
 *
 * <p>Spark's stream thread calls everything but {@link #stopAfterBatch} and {@link #queryEnded}.
 */
final class StreamDriver implements AutoCloseable {
  private final TaskSpec spec;
  private final Limits limits;
  private final TopicAdmin topic;
  private final DeltaTable table;
  private final BatchObserver observer;
  private final InstantSource clock;
  private final long firstBatchRecords;

  private Ledger ledger;
  private TopicState ends;
  private BatchPlan pending;
  private long plans;
  private long lag;
  private long triggerStart;
  private long values;
  private long valueBytes;
  private long largestValue;

  private final Object state = new Object();
  private boolean inBatch;
  private boolean stopping;

  StreamDriver(
      TaskSpec spec,
      Limits limits,
      long firstBatchRecords,
      TopicAdmin topic,
      DeltaTable table,
      Ledger ledger,
      BatchObserver observer,
      InstantSource clock) {
    this.spec = spec;
    this.limits = limits;
    this.firstBatchRecords = firstBatchRecords;
    this.topic = topic;
    this.table = table;
    this.ledger = ledger;
    this.observer = observer;
    this.clock = clock;
  }

  TaskSpec spec() {
    return spec;
  }

  /** Spark's start; says nothing, because the ledger does. */
  PlanOffset initialOffset() {
    return new PlanOffset(0, new TreeMap<>());
  }

  /** Fixes how far the run goes: to what is in the topic now. */
  void drainOnly() {
    ends = topic.state();
    Positions.backlog(ledger, ends);
  }

  /** Whether everything up to where {@link #drainOnly} fixed it is committed. */
  boolean isDrained() {
    return ends != null && Positions.backlog(ledger, ends).stream().allMatch(b -> b.offsets() == 0);
  }

  /** The next plan's offset; {@code start} where there is nothing to do, null at the very start. */
  PlanOffset next(PlanOffset start) {
    if (!beginBatch()) {
      return nothingAfter(start);
    }
    triggerStart = clock.millis();
    PlanOffset next = plan(start);
    if (pending == null) {
      endBatch();
    }
    return next;
  }

  private PlanOffset plan(PlanOffset start) {
    TopicState now = topic.state();
    List<Backlog> backlog =
        Positions.backlog(ledger, ends == null ? now : now.atMost(ends.partitions()));
    lag = backlog.stream().mapToLong(Backlog::offsets).sum();
    if (lag == 0) {
      return nothingAfter(start);
    }
    Limits batch = values == 0 ? limits.withRecordsAtMost(firstBatchRecords) : limits;
    pending = Planner.plan(backlog, batch, bytesPerRecord(), Math.max(plans, start.number()) + 1);
    plans = pending.number();
    return new PlanOffset(pending.number(), pending.targets());
  }

  private static PlanOffset nothingAfter(PlanOffset start) {
    return start.number() == 0 ? null : start;
  }

  /** The tasks of the plan behind Spark's offset; none where the ledger has passed it. */
  List<TaskPlan> tasks(PlanOffset end) {
    if (pending == null || pending.number() != end.number()) {
      return List.of();
    }
    return pending.tasks().stream()
        .map(r -> new TaskPlan(r, pending.bytesPerTask(), largestValue, bytesPerRecord()))
        .toList();
  }

  /**
   * Commits what the tasks took, all of it or nothing.
   *
   * @throws MillraceException the first refusal of a task, or that of the table
   */
  void commit(List<TaskResult> results) {
    try {
      if (!results.isEmpty()) {
        commitBatch(results);
      }
    } finally {
      pending = null;
      endBatch();
    }
  }

  private void commitBatch(List<TaskResult> results) {
    for (TaskResult result : results) {
      if (result.refusal() != null) {
        throw result.refusal().toException();
      }
    }
    long tasksDone = clock.millis();
    List<Ledger.Taken> taken =
        results.stream()
            .flatMap(r -> r.taken().stream())
            .filter(t -> t.to() > t.from())
            .sorted(
                Comparator.comparingInt(Ledger.Taken::partition)
                    .thenComparingLong(Ledger.Taken::from))
            .toList();
    if (taken.isEmpty()) {
      return;
    }
    List<DataFile> files = results.stream().flatMap(r -> r.files().stream()).toList();
    Ledger advanced = ledger.advance(taken, UUID.randomUUID().toString());
    long version = table.commit(files, advanced);
    ledger = advanced;
    long committed = clock.millis();
    for (TaskResult result : results) {
      valueBytes += result.bytes();
      largestValue = Math.max(largestValue, result.largestValue());
    }
    long rows = taken.stream().mapToLong(Ledger.Taken::rows).sum();
    long offsets = taken.stream().mapToLong(t -> t.to() - t.from()).sum();
    values += rows;
    observer.committed(
        new CommittedBatch(
            spec.stream(),
            advanced.sequence(),
            version,
            rows,
            taken.stream().mapToLong(Ledger.Taken::nulls).sum(),
            results.stream().mapToLong(TaskResult::bytes).sum(),
            files.size(),
            files.stream().mapToLong(DataFile::bytes).sum(),
            lag - offsets,
            triggerStart,
            tasksDone,
            committed,
            results.stream().mapToLong(TaskResult::nanos).sum() / 1_000_000));
  }

  private double bytesPerRecord() {
    return values == 0 ? 0 : (double) valueBytes / values;
  }

  private boolean beginBatch() {
    synchronized (state) {
      inBatch = !stopping;
      return inBatch;
    }
  }

  private void endBatch() {
    synchronized (state) {
      inBatch = false;
      state.notifyAll();
    }
  }

  /** No batch is begun any more; returns once none is in hand. */
  void stopAfterBatch() throws InterruptedException {
    synchronized (state) {
      stopping = true;
      while (inBatch) {
        state.wait();
      }
    }
  }

  /** Spark's query has ended: no batch is in hand, whatever it was doing. */
  void queryEnded() {
    endBatch();
  }

  @Override
  public void close() {
    topic.close();
    table.close();
  }
}
