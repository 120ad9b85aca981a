package io.millrace.ingest.driver;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.column.Column;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.ingest.Acceptance;
import io.millrace.ingest.sql.SqlTransform;
import io.millrace.ingest.task.SqlStart;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Ledger;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;

/**
 * Opens what a stream needs: its topic, its table (made on first use from the subject's latest
 * schema) and its ledger, which it takes over by raising the epoch. The take-over is a commit of
 * its own, so that a writer that ran before can commit nothing from then on, and so that the
 * starting offsets stay what they were at the first start, even if no batch follows.
 */
final class StreamOpening {
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
      int generation = table.generation(stream.name());
      Ledger taken =
          new TakeOver(
                  config,
                  stream,
                  owner,
                  own,
                  acceptance,
                  clock,
                  table,
                  topic,
                  clusterId,
                  sql,
                  deadLetterTopic)
              .run();
      if (taken.generation() != generation) {
        deadLetters.close();
        deadLetters = DeadLetterTable.of(table, stream.name(), hadoop);
      }
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
}
