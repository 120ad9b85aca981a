package io.millrace.ingest.driver;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.rule.RowRules;
import io.millrace.ingest.sql.SqlColumns;
import io.millrace.ingest.sql.SqlTransform;
import io.millrace.lake.delta.DeltaTable;
import java.util.List;
import java.util.Optional;

/**
 * Whether the columns that a stream's config names are those of its table. Looked at before the
 * first record is read: later it would be a null in every row, or a failure in every task. No I/O.
 */
public final class StreamColumns {
  private final StreamConfig stream;
  private final TableLayout layout;

  /** What rules are about. */
  private final TableLayout fields;

  private StreamColumns(StreamConfig stream, TableLayout layout, TableLayout fields) {
    this.stream = stream;
    this.layout = layout;
    this.fields = fields;
  }

  /**
   * The table's data columns, which are those that the stream's config asks for, but for new ones
   * of its SQL.
   *
   * @param sql the stream's, if it has one
   * @throws MillraceException {@code USAGE} where they are not, or the table is partitioned in
   *     another way
   */
  public static TableLayout of(StreamConfig stream, DeltaTable table, Optional<SqlTransform> sql) {
    List<String> wanted = stream.partitionBy().map(by -> List.of(by.column())).orElse(List.of());
    if (!table.partitionColumns().equals(wanted)) {
      throw new MillraceException(
          ExitCode.USAGE,
          "Stream %s can't write to the table %s".formatted(stream.name(), table.path()),
          "the table is partitioned by %s, the stream's partitionBy asks for %s"
              .formatted(table.partitionColumns(), wanted),
          "Make partitionBy what the table has, or name a new table");
    }
    TableLayout layout = table.layout(stream.columns());
    require(stream, layout, sql);
    return layout;
  }

  /**
   * @param layout the data columns of the table, or of the one to be created
   * @throws MillraceException {@code USAGE} where they don't fit
   */
  static void require(StreamConfig stream, TableLayout layout, Optional<SqlTransform> sql) {
    StreamColumns columns =
        new StreamColumns(
            stream,
            sql.map(s -> withOutput(stream, layout, s)).orElse(layout),
            sql.map(SqlTransform::input).orElse(layout));
    columns.requireKafka("partition", stream.columns().partition(), ColumnType.INT);
    columns.requireKafka("offset", stream.columns().offset(), ColumnType.LONG);
    columns.requireKafka("timestamp", stream.columns().timestamp(), ColumnType.TIMESTAMP);
    switch (stream.columns().keyFormat()) {
      case BYTES -> columns.requireKafka("key", stream.columns().key(), ColumnType.BINARY);
      case STRING -> columns.requireKafka("key", stream.columns().key(), ColumnType.STRING);
      case AVRO -> columns.requireKafka("key", stream.columns().key());
    }
    columns.requireKafka("headers", stream.columns().headers(), ColumnType.HEADERS);
    stream.partitionBy().ifPresent(columns::requirePartition);
    columns.requireRules();
  }

  private static TableLayout withOutput(StreamConfig stream, TableLayout table, SqlTransform sql) {
    SqlColumns columns =
        SqlColumns.into(table, sql.compile(stream.numberTypes(), List.of()).output());
    if (!columns.refusals().isEmpty()) {
      throw new StreamColumns(stream, table, table)
          .refused(
              "of the sql's columns, " + String.join("; ", columns.refusals()),
              "Cast it or give it another name (AS) in the sql, or name a new table");
    }
    return columns.layout();
  }

  private void requireRules() {
    try {
      RowRules.of(stream.rules(), fields);
    } catch (IllegalArgumentException e) {
      throw refused(
          e.getMessage(), "Correct the rule, or leave it out until the table has the column");
    }
  }

  private void requireKafka(String key, Optional<String> name, ColumnType type) {
    requireKafka(key, name);
    if (name.isEmpty()) {
      return;
    }
    ColumnType has = layout.columns().get(layout.indexOf(name.get())).type();
    if (!has.equals(type)) {
      throw refused(
          "columns.%s is %s, which is %s in the table and must be %s"
              .formatted(key, name.get(), has, type),
          "Give columns.%s another name, or name a new table".formatted(key));
    }
  }

  private void requireKafka(String key, Optional<String> name) {
    if (name.isEmpty()) {
      return;
    }
    if (layout.indexOf(name.get()) < 0) {
      throw refused(
          "columns.%s is %s, %s".formatted(key, name.get(), hasNot(name.get())),
          "Make columns.%s what the table has or off, or name a new table".formatted(key));
    }
  }

  private void requirePartition(PartitionBy by) {
    int source = layout.indexOf(by.source());
    if (source < 0) {
      throw refused(
          "partitionBy.source is %s, %s".formatted(by.source(), hasNot(by.source())),
          "Name one of the table's timestamp columns");
    }
    ColumnType type = layout.columns().get(source).type();
    if (!type.equals(ColumnType.TIMESTAMP)) {
      throw refused(
          "partitionBy.source is %s, which is %s and no timestamp".formatted(by.source(), type),
          "Name one of the table's timestamp columns");
    }
    for (Column column : layout.columns()) {
      if (column.name().equalsIgnoreCase(by.column())) {
        throw refused(
            "partitionBy.column is %s, and the schema has a field %s (case doesn't tell columns apart)"
                .formatted(by.column(), column.name()),
            "Give partitionBy.column another name");
      }
    }
  }

  private String hasNot(String name) {
    return layout.columns().stream()
        .map(Column::name)
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .map("the table has %s: case must be the same"::formatted)
        .orElse("the table has no such column");
  }

  private MillraceException refused(String reason, String remedy) {
    return new MillraceException(
        ExitCode.USAGE,
        "Stream %s and the table %s don't fit".formatted(stream.name(), stream.table()),
        reason,
        remedy);
  }
}
