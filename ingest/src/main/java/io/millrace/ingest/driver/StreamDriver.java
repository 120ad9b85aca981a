package io.millrace.ingest.driver;

import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.plan.Backlog;
import io.millrace.ingest.plan.BatchPlan;
import io.millrace.ingest.plan.Limits;
import io.millrace.ingest.plan.Planner;
import io.millrace.ingest.task.TaskPlan;
import io.millrace.ingest.task.TaskResult;
import io.millrace.ingest.task.TaskResult.Held;
import io.millrace.ingest.task.TaskSpec;
import io.millrace.lake.DataFile;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.parquet.ColumnFileWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger log = LoggerFactory.getLogger(StreamDriver.class);

  /** So long a drain waits for a registry before it gives up what waits for it. */
  private static final Duration MOST_WAIT_OF_A_DRAIN = Duration.ofMinutes(1);

  private final Duration mostWait;

  private final KafkaColumns columns;
  private final Limits limits;
  private final StreamOpening.Opened opened;
  private final TopicAdmin topic;
  private final DeltaTable table;
  private final BatchObserver observer;
  private final InstantSource clock;
  private final long firstBatchRecords;

  private final Holds holds;
  private final Optional<BreakerWindow> breaker;

  private TaskSpec spec;
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
      StreamConfig stream,
      Limits limits,
      long firstBatchRecords,
      StreamOpening.Opened opened,
      BatchObserver observer,
      InstantSource clock) {
    this.spec = spec;
    // An id that the registry does not know is no reason to give up before that counts.
    this.mostWait = MOST_WAIT_OF_A_DRAIN.plus(stream.unknownSchemaAfter());
    this.columns = stream.columns();
    this.breaker = stream.breaker().map(BreakerWindow::new);
    this.holds = new Holds(spec.stream(), clock);
    this.limits = limits;
    this.firstBatchRecords = firstBatchRecords;
    this.opened = opened;
    this.topic = opened.topic();
    this.table = opened.table();
    this.ledger = opened.ledger();
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
    List<Backlog> open = openBacklog();
    if (open.isEmpty()) {
      return nothingAfter(start);
    }
    Limits batch = values == 0 ? limits.withRecordsAtMost(firstBatchRecords) : limits;
    pending =
        Planner.plan(
            open, batch, bytesPerRecord(), holds.partitions(), Math.max(plans, start.number()) + 1);
    plans = pending.number();
    return new PlanOffset(pending.number(), pending.targets());
  }

  /** What waits and can be tried now. */
  private List<Backlog> openBacklog() {
    TopicState now = topic.state();
    List<Backlog> backlog =
        Positions.backlog(ledger, ends == null ? now : now.atMost(ends.partitions()));
    lag = backlog.stream().mapToLong(Backlog::offsets).sum();
    List<Backlog> waiting = backlog.stream().filter(b -> b.offsets() > 0).toList();
    List<Backlog> open = holds.open(waiting);
    // A drain must not end while something is left, and Spark ends it where a plan brings nothing.
    while (ends != null && open.isEmpty() && !waiting.isEmpty() && awaitHold()) {
      open = holds.open(waiting);
    }
    return open;
  }

  /**
   * Waits until a held partition is tried again; false where the stream is to stop.
   *
   * @throws MillraceException where it has waited too long with nothing else to do
   */
  private boolean awaitHold() {
    Instant now = clock.instant();
    if (Duration.between(holds.since().orElse(now), now).compareTo(mostWait) > 0) {
      throw holds.exhausted(spec.topic());
    }
    long millis = Duration.between(now, holds.nextTry().orElse(now)).toMillis();
    synchronized (state) {
      try {
        if (!stopping && millis > 0) {
          state.wait(millis);
        }
        return !stopping;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
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
    List<Held> held = results.stream().flatMap(r -> r.held().stream()).toList();
    holds.after(held, partitionsRead(results));
    boolean fits = follow(results);
    List<Ledger.Taken> taken =
        results.stream()
            .flatMap(r -> r.taken().stream())
            .filter(t -> t.to() > t.from())
            .sorted(
                Comparator.comparingInt(Ledger.Taken::partition)
                    .thenComparingLong(Ledger.Taken::from))
            .toList();
    List<DataFile> files = results.stream().flatMap(r -> r.files().stream()).toList();
    List<DataFile> deadFiles = results.stream().flatMap(r -> r.deadLetters().stream()).toList();
    if (!fits || !isGapless(taken)) {
      log.atInfo()
          .addKeyValue("stream", spec.stream())
          .addKeyValue("cause", fits ? "a partition waits for a schema" : "two schemas disagree")
          .log("the batch is planned again");
      Configuration hadoop = LakeConfiguration.of(spec.hadoop());
      files.forEach(file -> ColumnFileWriter.discard(hadoop, file));
      deadFiles.forEach(file -> ColumnFileWriter.discard(hadoop, file));
      return;
    }
    if (taken.isEmpty()) {
      return;
    }
    Ledger advanced = ledger.advance(taken, UUID.randomUUID().toString(), deadFiles);
    long version = table.commit(files, advanced);
    ledger = opened.deadLetters().rollForward(advanced);
    long committed = clock.millis();
    for (TaskResult result : results) {
      valueBytes += result.bytes();
      largestValue = Math.max(largestValue, result.largestValue());
    }
    long rows = taken.stream().mapToLong(Ledger.Taken::rows).sum();
    long offsets = taken.stream().mapToLong(t -> t.to() - t.from()).sum();
    long filtered = taken.stream().mapToLong(Ledger.Taken::filtered).sum();
    values += rows + filtered;
    observer.committed(
        new CommittedBatch(
            spec.stream(),
            advanced.sequence(),
            version,
            rows,
            taken.stream().mapToLong(Ledger.Taken::nulls).sum(),
            taken.stream().mapToLong(Ledger.Taken::dead).sum(),
            filtered,
            results.stream().mapToLong(TaskResult::bytes).sum(),
            files.size(),
            files.stream().mapToLong(DataFile::bytes).sum(),
            lag - offsets,
            triggerStart,
            tasksDone,
            committed,
            results.stream().mapToLong(TaskResult::nanos).sum() / 1_000_000));
    opened.deadLetterTopic().ifPresent(dead -> dead.publish(advanced, table));
    long dead = taken.stream().mapToLong(Ledger.Taken::dead).sum();
    breaker
        .flatMap(window -> window.add(clock.instant(), rows, dead))
        .ifPresent(
            reason -> {
              throw new BreakerFile(
                      LakeConfiguration.of(spec.hadoop()), spec.table(), spec.stream())
                  .trip(reason);
            });
  }

  /**
   * Gives the table the columns that the tasks' files have beside its own.
   *
   * @return whether all files fit; they don't where two tasks met schemas that contradict each
   *     other
   */
  private boolean follow(List<TaskResult> results) {
    List<TableLayout> widened =
        results.stream().map(TaskResult::widened).filter(Objects::nonNull).distinct().toList();
    followInputs(results);
    if (widened.isEmpty()) {
      return true;
    }
    for (TableLayout layout : widened) {
      // A field that another task has met by another name must not get a column of its own.
      if (!table.layout(columns).knowsByOtherName(layout)) {
        table.evolve(layout);
      }
    }
    spec = spec.with(table.layout(columns));
    log.atInfo()
        .addKeyValue("stream", spec.stream())
        .addKeyValue("columns", spec.layout().columns().size())
        .log("the table's schema follows the writers'");
    return widened.stream().allMatch(spec.layout()::covers);
  }

  /** Lets the next tasks begin with what these ones had to compile the SQL for. */
  private void followInputs(List<TaskResult> results) {
    for (TaskResult result : results) {
      TableLayout wider = result.widenedInput();
      if (wider != null && wider.covers(spec.sql().input())) {
        spec = spec.withSqlInput(wider);
      }
    }
  }

  private static Set<Integer> partitionsRead(List<TaskResult> results) {
    return results.stream()
        .flatMap(r -> r.taken().stream())
        .map(Ledger.Taken::partition)
        .collect(Collectors.toSet());
  }

  /** Whether each partition's ranges follow on the ledger and on each other. */
  private boolean isGapless(List<Ledger.Taken> sorted) {
    Map<Integer, Long> next = new HashMap<>();
    for (Ledger.Taken taken : sorted) {
      Ledger.Entry entry = ledger.partitions().get(taken.partition());
      long from = next.getOrDefault(taken.partition(), entry == null ? 0 : entry.next());
      if (taken.from() != from) {
        return false;
      }
      next.put(taken.partition(), taken.to());
    }
    return true;
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
      state.notifyAll();
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
    opened.close();
  }
}
