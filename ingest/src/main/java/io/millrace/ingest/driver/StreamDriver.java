package io.millrace.ingest.driver;

import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.core.fault.CrashPoint;
import io.millrace.core.fault.CrashPoints;
import io.millrace.ingest.plan.Backlog;
import io.millrace.ingest.plan.BatchPlan;
import io.millrace.ingest.plan.Limits;
import io.millrace.ingest.plan.Planner;
import io.millrace.ingest.task.TaskPlan;
import io.millrace.ingest.task.TaskResult;
import io.millrace.ingest.task.TaskSpec;
import io.millrace.lake.DataFile;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import io.millrace.lake.parquet.ColumnFileWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
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
  private final IdleLook idleLook;
  private final BatchObserver observer;
  private final Consumer<List<String>> waiting;
  private final InstantSource clock;

  /** For how long things took and take. */
  private final InstantSource steady;

  private final long firstBatchRecords;

  private final LeaderEpochs leaderEpochs;
  private final Holds holds;
  private final Optional<BreakerWindow> breaker;
  private final Optional<GroupOffsets> group;

  private TaskSpec spec;
  private Ledger ledger;
  private TopicState ends;

  /** Under which the plan in hand was made. */
  private Map<Integer, Integer> leaders = Map.of();

  private BatchPlan pending;
  private long plans;
  private long lag;
  private long triggerStart;
  private long values;
  private long valueBytes;
  private long largestValue;

  private final BatchGate gate = new BatchGate();

  StreamDriver(
      TaskSpec spec,
      StreamConfig stream,
      Limits limits,
      long firstBatchRecords,
      StreamOpening.Opened opened,
      BatchObserver observer,
      Consumer<List<String>> waiting,
      InstantSource clock) {
    this.spec = spec;
    this.waiting = waiting;
    this.steady = new SteadyClock(clock, System::nanoTime);
    // An id that the registry does not know is no reason to give up before that counts.
    this.mostWait = MOST_WAIT_OF_A_DRAIN.plus(stream.unknownSchemaAfter());
    this.columns = stream.columns();
    this.breaker = stream.breaker().map(BreakerWindow::new);
    this.holds = new Holds(spec.stream(), steady);
    this.leaderEpochs = new LeaderEpochs(stream.topic(), spec.kafka());
    this.limits = limits;
    this.firstBatchRecords = firstBatchRecords;
    this.opened = opened;
    this.topic = opened.topic();
    this.table = opened.table();
    this.ledger = opened.ledger();
    this.idleLook = new IdleLook(table, stream.name(), System::nanoTime);
    this.group = stream.consumerGroup().map(name -> new GroupOffsets(topic, stream.name(), name));
    group.ifPresent(offsets -> offsets.committed(ledger));
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
    if (!gate.begin()) {
      return nothingAfter(start);
    }
    triggerStart = steady.millis();
    PlanOffset next = plan(start);
    if (pending == null) {
      gate.end();
    }
    return next;
  }

  private PlanOffset plan(PlanOffset start) {
    List<Backlog> open = openBacklog();
    if (open.isEmpty()) {
      CrashPoints.reach(CrashPoint.IDLE);
      idleLook.idle();
      return nothingAfter(start);
    }
    Limits batch = values == 0 ? limits.withRecordsAtMost(firstBatchRecords) : limits;
    pending =
        Planner.plan(
            open, batch, bytesPerRecord(), holds.partitions(), Math.max(plans, start.number()) + 1);
    plans = pending.number();
    CrashPoints.reach(CrashPoint.PLANNED);
    return new PlanOffset(pending.number(), pending.targets());
  }

  /** What waits and can be tried now. */
  private List<Backlog> openBacklog() {
    TopicState now = topic.state();
    leaders = leaderEpochs.check(ledger, now);
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
    Instant now = steady.instant();
    if (Duration.between(holds.since().orElse(now), now).compareTo(mostWait) > 0) {
      throw holds.exhausted(spec.topic());
    }
    return gate.pause(Duration.between(now, holds.nextTry().orElse(now)).toMillis());
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
        commitBatch(new BatchResults(results));
        CrashPoints.reach(CrashPoint.BATCH_DONE);
      }
    } finally {
      pending = null;
      gate.end();
    }
  }

  private void commitBatch(BatchResults results) {
    long tasksDone = steady.millis();
    holds.after(results.held(), results.partitionsRead());
    waiting.accept(holds.sentences());
    boolean fits = follow(results);
    if (!fits || !results.followOn(ledger)) {
      planAgain(results, fits ? "a partition waits for a schema" : "two schemas disagree");
      return;
    }
    if (results.taken().isEmpty()) {
      return;
    }
    List<DataFile> files = results.files();
    Ledger advanced =
        ledger
            .advance(results.taken(), UUID.randomUUID().toString(), results.deadLetterFiles())
            .seen(leaders, clock.millis());
    // Consumers follow a topic that was made anew; ids are never used twice, so the same one
    // before and after means the same topic all the while.
    Guards.requireSameTopic(ledger, topic.topicId());
    CrashPoints.reach(CrashPoint.COMMIT_BEFORE);
    long version = table.commit(files, advanced);
    CrashPoints.reach(CrashPoint.COMMIT_AFTER);
    ledger = rollForward(advanced);
    long committed = steady.millis();
    group.ifPresent(offsets -> offsets.committed(advanced));
    valueBytes += results.bytes();
    largestValue = Math.max(largestValue, results.largestValue());
    long rows = results.sum(Taken::rows);
    long dead = results.sum(Taken::dead);
    long filtered = results.sum(Taken::filtered);
    values += rows + filtered;
    observer.committed(
        new CommittedBatch(
            spec.stream(),
            advanced.sequence(),
            version,
            rows,
            results.sum(Taken::nulls),
            dead,
            filtered,
            results.bytes(),
            files.size(),
            files.stream().mapToLong(DataFile::bytes).sum(),
            lag - results.sum(t -> t.to() - t.from()),
            triggerStart,
            tasksDone,
            committed,
            results.taskMillis()));
    opened.deadLetterTopic().ifPresent(letters -> letters.publish(advanced, table));
    breaker
        .flatMap(window -> window.add(steady.instant(), rows, dead))
        .ifPresent(
            reason -> {
              throw new BreakerFile(
                      LakeConfiguration.of(spec.hadoop()), spec.table(), spec.stream())
                  .trip(reason);
            });
  }

  private Ledger rollForward(Ledger advanced) {
    if (advanced.pending().isEmpty()) {
      return opened.deadLetters().rollForward(advanced);
    }
    CrashPoints.reach(CrashPoint.LETTERS_BEFORE);
    Ledger settled = opened.deadLetters().rollForward(advanced);
    CrashPoints.reach(CrashPoint.LETTERS_AFTER);
    return settled;
  }

  /** Forgets what the tasks wrote. */
  private void planAgain(BatchResults results, String cause) {
    log.atInfo()
        .addKeyValue("stream", spec.stream())
        .addKeyValue("cause", cause)
        .log("the batch is planned again");
    Configuration hadoop = LakeConfiguration.of(spec.hadoop());
    results.files().forEach(file -> ColumnFileWriter.discard(hadoop, file));
    results.deadLetterFiles().forEach(file -> ColumnFileWriter.discard(hadoop, file));
  }

  /**
   * Gives the table the columns that the tasks' files have beside its own.
   *
   * @return whether all files fit; they don't where two tasks met schemas that contradict each
   *     other
   */
  private boolean follow(BatchResults results) {
    List<TableLayout> widened = results.widened();
    followInputs(results);
    if (widened.isEmpty()) {
      return true;
    }
    for (TableLayout layout : widened) {
      // A field that another task has met by another name must not get a column of its own.
      if (!table.layout(columns).knowsByOtherName(layout)) {
        CrashPoints.reach(CrashPoint.DDL_BEFORE);
        table.evolve(layout);
        CrashPoints.reach(CrashPoint.DDL_AFTER);
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
  private void followInputs(BatchResults results) {
    results
        .widenedInputs()
        .forEach(
            wider -> {
              if (wider.covers(spec.sql().input())) {
                spec = spec.withSqlInput(wider);
              }
            });
  }

  private double bytesPerRecord() {
    return values == 0 ? 0 : (double) valueBytes / values;
  }

  /** No batch is begun any more; returns once none is in hand. */
  void stopAfterBatch() throws InterruptedException {
    gate.close();
  }

  /** Spark's query has ended: no batch is in hand, whatever it was doing. */
  void queryEnded() {
    gate.end();
  }

  @Override
  public void close() {
    group.ifPresent(GroupOffsets::close);
    opened.close();
  }
}
