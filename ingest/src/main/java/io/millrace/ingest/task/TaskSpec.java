package io.millrace.ingest.task;

import io.millrace.core.column.TableLayout;
import io.millrace.core.config.Compression;
import io.millrace.core.config.FieldRule;
import io.millrace.core.config.KeyFormat;
import io.millrace.core.config.NullValues;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.ingest.sql.SqlTransform;
import io.millrace.lake.ledger.Ledger;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What all tasks of a stream share, in a form that travels to executors.
 *
 * @param stream name of the stream
 * @param topic name of the topic
 * @param topicId Kafka's id of it, so that no pooled consumer outlives the topic
 * @param kafka the user's consumer properties
 * @param registryUrl base address of the schema registry
 * @param registryProperties its client properties
 * @param hadoop the user's Hadoop properties
 * @param table absolute path of the table
 * @param layout the table's data columns
 * @param partitionSource the column that the table partition column is derived from, or null
 * @param partitionUnit how wide a table partition is, or null
 * @param partitionColumn the derived column, or null
 * @param compression codec of the data files
 * @param nullValues what a null value does
 * @param targetFileBytes a data file is ended once it is about this large
 * @param tasksAtOnce tasks that one process runs at a time; they share its memory
 * @param numberTypes which columns Avro's int and float get
 * @param keyFormat what the keys are, where the layout has a column for them
 * @param unknownSchemaAfter how long the registry may say that it does not know an id
 * @param rules what must hold of fields beyond their types
 * @param maxRecordBytes bytes of the largest value that becomes a row
 * @param sql makes the rows; null where a record's fields are its row
 * @param generation of the topic, which rows and dead letters are of
 */
public record TaskSpec(
    String stream,
    String topic,
    String topicId,
    Map<String, String> kafka,
    String registryUrl,
    Map<String, String> registryProperties,
    Map<String, String> hadoop,
    String table,
    TableLayout layout,
    String partitionSource,
    PartitionBy.Unit partitionUnit,
    String partitionColumn,
    Compression compression,
    NullValues nullValues,
    long targetFileBytes,
    int tasksAtOnce,
    NumberTypes numberTypes,
    KeyFormat keyFormat,
    Duration unknownSchemaAfter,
    List<FieldRule> rules,
    long maxRecordBytes,
    SqlTransform sql,
    int generation)
    implements Serializable {

  public TaskSpec {
    kafka = new HashMap<>(kafka);
    registryProperties = new HashMap<>(registryProperties);
    hadoop = new HashMap<>(hadoop);
    rules = new ArrayList<>(rules);
  }

  /** For a stream whose topic and table are known. */
  public static TaskSpec of(
      StreamConfig stream,
      String topicId,
      Map<String, String> kafka,
      RegistryConfig registry,
      Map<String, String> hadoop,
      String table,
      TableLayout layout,
      int tasksAtOnce,
      Optional<SqlTransform> sql) {
    Optional<PartitionBy> by = stream.partitionBy();
    return new TaskSpec(
        stream.name(),
        stream.topic(),
        topicId,
        kafka,
        registry.url(),
        registry.properties(),
        hadoop,
        table,
        layout,
        by.map(PartitionBy::source).orElse(null),
        by.map(PartitionBy::unit).orElse(null),
        by.map(PartitionBy::column).orElse(null),
        stream.compression(),
        stream.nullValues(),
        stream.targetFileBytes(),
        tasksAtOnce,
        stream.numberTypes(),
        stream.columns().keyFormat(),
        stream.unknownSchemaAfter(),
        stream.rules(),
        stream.maxRecordBytes().orElse(Long.MAX_VALUE),
        sql.orElse(null),
        Ledger.FIRST_GENERATION);
  }

  /** The same with another layout. */
  public TaskSpec with(TableLayout other) {
    return with(other, unknownSchemaAfter, sql, generation);
  }

  /** The same, but what the registry does not know is unknown at once. */
  public TaskSpec withoutWaiting() {
    return with(layout, Duration.ZERO, sql, generation);
  }

  /** The same, but the SQL, which there is, reads records with these columns. */
  public TaskSpec withSqlInput(TableLayout input) {
    return with(layout, unknownSchemaAfter, sql.with(input), generation);
  }

  /** The same of another generation of the topic; the first one is what it begins as. */
  public TaskSpec inGeneration(int other) {
    return with(layout, unknownSchemaAfter, sql, other);
  }

  private TaskSpec with(
      TableLayout other, Duration unknownAfter, SqlTransform otherSql, int otherGeneration) {
    return new TaskSpec(
        stream,
        topic,
        topicId,
        kafka,
        registryUrl,
        registryProperties,
        hadoop,
        table,
        other,
        partitionSource,
        partitionUnit,
        partitionColumn,
        compression,
        nullValues,
        targetFileBytes,
        tasksAtOnce,
        numberTypes,
        keyFormat,
        unknownAfter,
        rules,
        maxRecordBytes,
        otherSql,
        otherGeneration);
  }

  RegistryConfig registry() {
    return new RegistryConfig(registryUrl, registryProperties);
  }
}
