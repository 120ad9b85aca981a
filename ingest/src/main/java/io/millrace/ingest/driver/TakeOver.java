package io.millrace.ingest.driver;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StartingOffsets;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.Acceptance;
import io.millrace.ingest.task.SqlStart;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.LedgerMovedException;
import io.millrace.lake.delta.Restoration;
import io.millrace.lake.delta.SqlVersionFiles;
import io.millrace.lake.ledger.Accepted;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Resolutions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a stream's ledger over by raising its epoch, once all guards let it go on, or an operator
 * does. One thread, one use.
 */
final class TakeOver {
  private static final Logger log = LoggerFactory.getLogger(TakeOver.class);

  /** So often another writer may commit between a look at the ledger and the take-over. */
  private static final int MOST_TAKE_OVERS = 100;

  private final MillraceConfig config;
  private final StreamConfig stream;
  private final String owner;
  private final OwnTakeOvers own;
  private final Acceptance acceptance;
  private final InstantSource clock;
  private final DeltaTable table;
  private final TopicAdmin topic;
  private final String clusterId;
  private final Optional<SqlStart> sql;
  private final Optional<DeadLetterTopic> deadLetterTopic;
  private final LeaderEpochs leaderEpochs;

  /**
   * @param owner host, process and start time, for the ledger
   * @param own take-overs of this process before, if there were any
   * @param clusterId Kafka's id of the cluster that {@code topic} is in
   * @param sql the stream's, if it has one
   */
  TakeOver(
      MillraceConfig config,
      StreamConfig stream,
      String owner,
      OwnTakeOvers own,
      Acceptance acceptance,
      InstantSource clock,
      DeltaTable table,
      TopicAdmin topic,
      String clusterId,
      Optional<SqlStart> sql,
      Optional<DeadLetterTopic> deadLetterTopic) {
    this.config = config;
    this.stream = stream;
    this.owner = owner;
    this.own = own;
    this.acceptance = acceptance;
    this.clock = clock;
    this.table = table;
    this.topic = topic;
    this.clusterId = clusterId;
    this.sql = sql;
    this.deadLetterTopic = deadLetterTopic;
    this.leaderEpochs = new LeaderEpochs(stream.topic(), config.kafkaFor(stream));
  }

  /** Raises the epoch. A writer before may go on committing until then; the newer one wins. */
  Ledger run() {
    while (true) {
      Optional<Restoration> restored = table.restoration(stream.name());
      Optional<Ledger> before =
          restored.map(Restoration::ledger).or(() -> table.ledger(stream.name()));
      restored.ifPresent(this::tell);
      // After the ledger, whose offsets must not lie behind ends of an earlier moment.
      TopicState state = topic.state();
      Optional<SortedMap<Integer, Long>> anew = before.flatMap(b -> newGeneration(b, state));
      try {
        if (anew.isPresent()) {
          beginGeneration(before.get(), restored.map(Restoration::resolutions), state, anew.get());
          continue;
        }
        Ledger ledger = before.isPresent() ? next(before.get(), state) : first(state);
        ledger = nameSql(ledger).seen(state.leaders(), clock.millis());
        return commit(ledger, restored.map(Restoration::resolutions));
      } catch (LedgerMovedException e) {
        log.atInfo()
            .addKeyValue("stream", stream.name())
            .addKeyValue("cause", e.reason())
            .log("another writer was faster, taking over what it committed");
        fence();
      }
    }
  }

  /** Where another generation of the topic begins, where there has to be one and may be. */
  private Optional<SortedMap<Integer, Long>> newGeneration(Ledger before, TopicState state) {
    if (!acceptance.allows(before.generation() + 1)) {
      return Optional.empty();
    }
    requireSameName(before);
    requireStillOurs(before);
    if (!acceptance.clock()) {
      Guards.requireClock(before, clock.instant());
    }
    if (!NewGeneration.isOtherTopic(before, state)) {
      return NewGeneration.inSameTopic(before, state, leaderEpochs.cuts(before, state));
    }
    // What came before the operator's word is the stream's, too.
    StartingOffsets asked =
        stream.startingOffsets() instanceof StartingOffsets.Latest
            ? new StartingOffsets.Earliest()
            : stream.startingOffsets();
    return Optional.of(new TreeMap<>(startingOffsets(state, asked)));
  }

  /**
   * Ends a generation and begins the next one. The epoch is raised before, so that no other writer
   * goes on with what ends; its dead letters then go to their table.
   */
  private void beginGeneration(
      Ledger before,
      Optional<Resolutions> resolutions,
      TopicState state,
      SortedMap<Integer, Long> positions) {
    Ledger taken = commit(before.takenOver(owner, newAttempt()), resolutions);
    Ledger ends;
    try (DeadLetterTable letters =
        DeadLetterTable.of(table, stream.name(), LakeConfiguration.of(config.hadoop()))) {
      ends = letters.rollForward(taken);
    }
    deadLetterTopic.ifPresent(letters -> letters.publish(taken, table));
    table.addGenerations();
    Ledger begins =
        ends.nextGeneration(state.topicId(), clusterId, positions, newAttempt())
            .seen(state.leaders(), clock.millis());
    own.trying(begins);
    table.beginGeneration(begins, ends);
    own.done(begins);
    log.atWarn()
        .addKeyValue("stream", stream.name())
        .addKeyValue("generation", begins.generation())
        .addKeyValue("topicId", begins.topicId())
        .addKeyValue("clusterId", begins.clusterId())
        .addKeyValue("offsets", positions)
        .log("another generation of the topic is accepted");
  }

  /** Takes over at once whatever another writer commits, so that it stops. */
  private void fence() {
    for (int tries = 1; ; tries++) {
      Ledger found = table.ledger(stream.name()).orElseThrow();
      requireStillOurs(found);
      try {
        commit(found.takenOver(owner, newAttempt()), Optional.empty());
        return;
      } catch (LedgerMovedException e) {
        if (tries == MOST_TAKE_OVERS) {
          throw e;
        }
      }
    }
  }

  private void tell(Restoration restored) {
    log.atWarn()
        .addKeyValue("stream", stream.name())
        .addKeyValue("version", restored.version())
        .addKeyValue("restoredTo", restored.to())
        .log("the table was restored, going on from its ledger of then");
  }

  private Ledger commit(Ledger takeOver, Optional<Resolutions> resolutions) {
    own.trying(takeOver);
    table.commit(takeOver, resolutions);
    own.done(takeOver);
    return takeOver;
  }

  private Ledger next(Ledger before, TopicState state) {
    List<Accepted> losses = guard(before, state);
    Ledger next = before.takenOver(owner, newAttempt()).accepting(losses);
    if (acceptance.clock() && Guards.isBehind(before, clock.instant())) {
      // From here on this clock counts, or the next start would stop again.
      next = next.withoutTime();
      log.atWarn()
          .addKeyValue("stream", stream.name())
          .addKeyValue("last", Instant.ofEpochMilli(before.writer().at()))
          .log("a clock is accepted that is behind the last writer's");
    }
    return next;
  }

  private Ledger first(TopicState state) {
    return Ledger.initial(stream.name(), stream.topic(), state.topicId(), clusterId, owner)
        .advance(
            Positions.starting(startingOffsets(state, stream.startingOffsets())), newAttempt());
  }

  /** So that verify knows by which SQL each record became a row. */
  private Ledger nameSql(Ledger ledger) {
    return SqlVersionFiles.name(
        ledger,
        stream.sql(),
        stream.numberTypes(),
        sql.map(start -> start.schemas().stream().map(Schema::toString).toList()).orElse(List.of()),
        table.path(),
        LakeConfiguration.of(config.hadoop()));
  }

  private void requireSameName(Ledger before) {
    if (!before.topic().equals(stream.topic())) {
      throw new MillraceException(
          ExitCode.PROTECTED,
          "Stream %s can't go on into %s".formatted(stream.name(), stream.table()),
          "the table was filled from topic %s, the config says %s"
              .formatted(before.topic(), stream.topic()),
          "Correct the topic, or name a new table");
    }
  }

  /** Who opens a stream again after a failure is no newer writer than one that began meanwhile. */
  private void requireStillOurs(Ledger before) {
    if (own.any() && !own.include(before)) {
      throw new MillraceException(
          ExitCode.PROTECTED,
          "Another ingest writes stream %s to %s; this one stops"
              .formatted(stream.name(), stream.table()),
          "%s took it over with epoch %d; this one had epoch %d"
              .formatted(before.owner(), before.epoch(), own.epoch()),
          "Run one ingest a stream; what this one has committed is in the table");
    }
  }

  /**
   * Everything that must hold before the stream goes on.
   *
   * @return what the operator has accepted of what does not hold
   */
  private List<Accepted> guard(Ledger before, TopicState state) {
    requireSameName(before);
    requireStillOurs(before);
    Guards.requireSameCluster(before, state, clusterId);
    Guards.requireSameTopic(before, state.topicId());
    Guards.requireAllPartitions(before, state);
    if (!acceptance.clock()) {
      Guards.requireClock(before, clock.instant());
    }
    List<Accepted> losses =
        Guards.accept(
            before,
            state,
            acceptance.losses(),
            clock.instant(),
            System.getProperty("user.name") + "@" + ThisHost.name());
    Guards.requireReadable(before.accepting(losses), state);
    leaderEpochs.check(before, state);
    for (Accepted loss : losses) {
      log.atWarn()
          .addKeyValue("stream", stream.name())
          .addKeyValue("partition", loss.partition())
          .addKeyValue("from", loss.from())
          .addKeyValue("to", loss.to() - 1)
          .log("offsets are accepted as lost");
    }
    return losses;
  }

  private Map<Integer, Long> startingOffsets(TopicState state, StartingOffsets asked) {
    if (asked instanceof StartingOffsets.AtTimestamp at) {
      return topic.offsetsAt(at.timestamp(), state);
    }
    boolean latest = asked instanceof StartingOffsets.Latest;
    Map<Integer, Long> offsets = new HashMap<>();
    state
        .partitions()
        .forEach((p, bounds) -> offsets.put(p, latest ? bounds.end() : bounds.start()));
    return offsets;
  }

  private static String newAttempt() {
    return UUID.randomUUID().toString();
  }
}
