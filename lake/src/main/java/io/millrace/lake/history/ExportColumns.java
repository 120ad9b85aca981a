package io.millrace.lake.history;

import static io.millrace.core.column.ColumnType.INT;
import static io.millrace.core.column.ColumnType.LONG;
import static io.millrace.core.column.ColumnType.STRING;
import static io.millrace.core.column.ColumnType.TIMESTAMP;

import io.millrace.core.column.Column;
import io.millrace.core.column.TableLayout;
import java.util.List;

/** The columns of every exported ledger (docs/ledger.md); their names never change. */
final class ExportColumns {
  static final TableLayout LAYOUT =
      new TableLayout(
          List.of(
              Column.field("stream", STRING),
              Column.field("version", LONG),
              Column.field("committed_at", TIMESTAMP),
              Column.field("kind", STRING),
              Column.field("operation", STRING),
              Column.field("sequence", LONG),
              Column.field("epoch", LONG),
              Column.field("owner", STRING),
              Column.field("attempt", STRING),
              Column.field("kafka_partition", INT),
              Column.field("from_offset", LONG),
              Column.field("to_offset", LONG),
              Column.field("rows", LONG),
              Column.field("nulls", LONG),
              Column.field("dead", LONG),
              Column.field("filtered", LONG),
              Column.field("empty", LONG),
              Column.field("lost", LONG),
              Column.field("redriven", LONG),
              Column.field("discarded", LONG),
              Column.field("rows_added", LONG),
              Column.field("files_removed", LONG)));

  private ExportColumns() {}
}
