package io.millrace.ingest.driver;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.column.Column;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StartingOffsets;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.ingest.Acceptance;
import io.millrace.ingest.sql.SqlTransform;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what a stream needs: its topic, its table (made on first use from the subject's latest
 * schema) and its ledger, which it takes over by raising the epoch. The take-over is a commit of
 * its own, so that a writer that ran before can commit nothing from then on, and so that the
 * starting offsets stay what they were at the first start, even if no batch follows.
 */
final class StreamOpening {
  private static final Logger log = LoggerFactory.getLogger(StreamOpening.class);

  /** So often another writer may commit between a look at the ledger and the take-over. */
  private static final int MOST_TAKE_OVERS = 100;

  /** An opened stream. */
  record Opened(
      TopicAdmin topic,
      String topicId,
      DeltaTable table,
      DeadLetterTable deadLetters,
      Optional<DeadLetterTopic> deadLetterTopic,
      Optional<SqlTransform> sql,
      Ledger ledger)
      implements AutoCloseable {
    @Override
    public void close() {
      topic.close();
      table.close();
      deadLetters.close();
      deadLetterTopic.ifPresent(DeadLetterTopic::close);
    }
  }

  private final MillraceConfig config;
  private final StreamConfig stream;
  private final String owner;
  private final OwnTakeOvers own;
  private final Acceptance acceptance;
  private final InstantSource clock;

  /**
   * @param owner host, process and start time, for the ledger
   * @param own take-overs of this process before, if there were any
   * @param acceptance what the operator accepts
   */
  StreamOpening(
      MillraceConfig config,
      StreamConfig stream,
      String owner,
      OwnTakeOvers own,
      Acceptance acceptance,
      InstantSource clock) {
    this.config = config;
    this.stream = stream;
    this.owner = owner;
    this.own = own;
    this.acceptance = acceptance;
    this.clock = clock;
  }

  Opened open() {
    TopicAdmin topic =
        new TopicAdmin(TopicAdmin.Use.INGEST, stream.topic(), config.kafkaFor(stream));
    DeltaTable table = null;
    DeadLetterTable deadLetters = null;
    Optional<DeadLetterTopic> deadLetterTopic = Optional.empty();
    try {
      String clusterId = topic.clusterId();
      topic.state();
      deadLetterTopic = DeadLetterTopic.open(config, stream);
      Configuration hadoop = LakeConfiguration.of(config.hadoop());
      table = DeltaTable.open(stream.table(), hadoop).orElse(null);
      Optional<SqlStart> sql =
          SqlStart.of(
              config, stream, Optional.ofNullable(table).map(t -> t.layout(stream.columns())));
      if (table == null) {
        table = createTable(hadoop, sql.map(SqlStart::transform));
      }
      StreamColumns.of(stream, table, sql.map(SqlStart::transform));
      sql.ifPresent(SqlStart::keep);
      new BreakerFile(hadoop, table.path(), stream.name()).requireClosed();
      deadLetters = DeadLetterTable.of(table, stream.name(), hadoop);
      deadLetters.requireOurs();
      Ledger taken = takeOver(table, topic, clusterId, sql);
      // Only now: nobody else goes on with the ledger any more.
      Ledger ledger = deadLetters.rollForward(taken);
      if (deadLetterTopic.isPresent()) {
        deadLetterTopic.get().publish(taken, table);
      }
      return new Opened(
          topic,
          ledger.topicId(),
          table,
          deadLetters,
          deadLetterTopic,
          sql.map(SqlStart::transform),
          ledger);
    } catch (RuntimeException e) {
      if (table != null) {
        table.close();
      }
      if (deadLetters != null) {
        deadLetters.close();
      }
      deadLetterTopic.ifPresent(DeadLetterTopic::close);
      topic.close();
      throw e;
    }
  }

  /** Raises the epoch. A writer before may go on committing until then; the newer one wins. */
  private Ledger takeOver(
      DeltaTable table, TopicAdmin topic, String clusterId, Optional<SqlStart> sql) {
    while (true) {
      Optional<Restoration> restored = table.restoration(stream.name());
      Optional<Ledger> before =
          restored.map(Restoration::ledger).or(() -> table.ledger(stream.name()));
      restored.ifPresent(this::tell);
      // After the ledger, whose offsets must not lie behind ends of an earlier moment.
      TopicState state = topic.state();
      Ledger ledger =
          before.isPresent()
              ? next(before.get(), state, clusterId)
              : first(topic, state, clusterId);
      ledger = nameSql(ledger, sql, table).seen(state.leaders(), clock.millis());
      try {
        return commit(table, ledger, restored.map(Restoration::resolutions));
      } catch (LedgerMovedException e) {
        log.atInfo()
            .addKeyValue("stream", stream.name())
            .addKeyValue("cause", e.reason())
            .log("another writer was faster, taking over what it committed");
        fence(table);
      }
    }
  }

  /** Takes over at once whatever another writer commits, so that it stops. */
  private void fence(DeltaTable table) {
    for (int tries = 1; ; tries++) {
      Ledger found = table.ledger(stream.name()).orElseThrow();
      requireStillOurs(found);
      try {
        commit(table, found.takenOver(owner, newAttempt()), Optional.empty());
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

  private Ledger commit(DeltaTable table, Ledger takeOver, Optional<Resolutions> resolutions) {
    own.trying(takeOver);
    table.commit(takeOver, resolutions);
    own.done(takeOver);
    return takeOver;
  }

  private Ledger next(Ledger before, TopicState state, String clusterId) {
    List<Accepted> losses = guard(before, state, clusterId);
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

  private Ledger first(TopicAdmin topic, TopicState state, String clusterId) {
    return Ledger.initial(stream.name(), stream.topic(), state.topicId(), clusterId, owner)
        .advance(Positions.starting(startingOffsets(topic, state)), newAttempt());
  }

  /** So that verify knows by which SQL each record became a row. */
  private Ledger nameSql(Ledger ledger, Optional<SqlStart> sql, DeltaTable table) {
    return SqlVersionFiles.name(
        ledger,
        stream.sql(),
        stream.numberTypes(),
        sql.map(start -> start.schemas().stream().map(Schema::toString).toList()).orElse(List.of()),
        table.path(),
        LakeConfiguration.of(config.hadoop()));
  }

  private DeltaTable createTable(Configuration hadoop, Optional<SqlTransform> sql) {
    TableLayout layout;
    try (SchemaRegistry registry = new RestSchemaRegistry(config.registry())) {
      Optional<Schema> keys =
          stream.columns().hasAvroKeys()
              ? Optional.of(registry.latest(stream.keySubject()).schema())
              : Optional.empty();
      layout =
          sql.isPresent()
              ? layout(sql.get(), keys)
              : layout(registry.latest(stream.subject()), keys);
    }
    return DeltaTable.create(
        stream.table(), hadoop, layout, stream.partitionBy(), stream.tableProperties());
  }

  /** The sql's columns, and Kafka's. */
  private TableLayout layout(SqlTransform sql, Optional<Schema> keys) {
    List<Column> kafka = AvroTables.kafkaColumns(keys, stream.columns(), stream.numberTypes());
    List<Column> output = sql.compile(stream.numberTypes(), List.of()).output();
    StreamColumns.require(stream, new TableLayout(kafka), Optional.of(sql));
    List<Column> columns = new ArrayList<>(output);
    columns.addAll(kafka);
    return new TableLayout(columns);
  }

  private TableLayout layout(SchemaRegistry.Registered latest, Optional<Schema> keys) {
    TableLayout layout;
    try {
      layout = AvroTables.layout(latest.schema(), keys, stream.columns(), stream.numberTypes());
    } catch (MillraceException e) {
      throw new MillraceException(
          e.exitCode(),
          "Stream %s can't make its table from the schema %s (id %d, the latest of subject %s)"
              .formatted(
                  stream.name(), latest.schema().getFullName(), latest.id(), stream.subject()),
          e.reason(),
          e.remedy(),
          e);
    }
    StreamColumns.require(stream, layout, Optional.empty());
    return layout;
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
  private List<Accepted> guard(Ledger before, TopicState state, String clusterId) {
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
    new LeaderEpochs(stream.topic(), config.kafkaFor(stream)).check(before, state);
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

  private Map<Integer, Long> startingOffsets(TopicAdmin topic, TopicState state) {
    if (stream.startingOffsets() instanceof StartingOffsets.AtTimestamp at) {
      return topic.offsetsAt(at.timestamp(), state);
    }
    boolean latest = stream.startingOffsets() instanceof StartingOffsets.Latest;
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
