package io.millrace.lake.deadletter;

import static io.millrace.core.column.ColumnType.BINARY;
import static io.millrace.core.column.ColumnType.INT;
import static io.millrace.core.column.ColumnType.LONG;
import static io.millrace.core.column.ColumnType.STRING;
import static io.millrace.core.column.ColumnType.TIMESTAMP;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import java.util.List;
import java.util.Optional;

/** The columns of every table of dead letters (docs/dead-letters.md); their names never change. */
public final class DeadLetterColumns {
  public static final String TOPIC = "kafka_topic";
  public static final String PARTITION = "kafka_partition";
  public static final String OFFSET = "kafka_offset";
  public static final String TIMESTAMP_COLUMN = "kafka_timestamp";
  public static final String KEY = "kafka_key";
  public static final String VALUE = "kafka_value";
  public static final String HEADERS = "kafka_headers";
  public static final String SCHEMA_ID = "schema_id";
  public static final String ERROR_CLASS = "error_class";
  public static final String ERROR_MESSAGE = "error_message";
  public static final String STREAM = "stream";

  /** Kafka's headers are in order, and may repeat. */
  private static final ColumnType HEADER_LIST =
      ColumnType.list(
          ColumnType.struct(List.of(Column.field("key", STRING), Column.field("value", BINARY))));

  public static final TableLayout LAYOUT =
      new TableLayout(
          List.of(
              Column.field(TOPIC, STRING),
              new Column(PARTITION, INT, Column.Role.KAFKA_PARTITION),
              new Column(OFFSET, LONG, Column.Role.KAFKA_OFFSET),
              new Column(TIMESTAMP_COLUMN, TIMESTAMP, Column.Role.KAFKA_TIMESTAMP),
              new Column(KEY, BINARY, Column.Role.KAFKA_KEY),
              Column.field(VALUE, BINARY),
              Column.field(HEADERS, HEADER_LIST),
              Column.field(SCHEMA_ID, INT),
              Column.field(ERROR_CLASS, STRING),
              Column.field(ERROR_MESSAGE, STRING),
              Column.field(STREAM, STRING)));

  /** Where in Kafka a dead letter came from. */
  public static final KafkaColumns KAFKA =
      new KafkaColumns(
          Optional.of(PARTITION),
          Optional.of(OFFSET),
          Optional.of(TIMESTAMP_COLUMN),
          Optional.of(KEY));

  private DeadLetterColumns() {}
}
