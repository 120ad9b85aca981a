package io.millrace.lake.verify;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.ledger.SqlVersion;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** Evaluates the SQL that holds for a record, for one table's columns. One thread. */
final class SqlEvaluation implements RowValues {
  /** What became of a record. */
  enum Outcome {
    ROW,
    FILTERED,
    FAILED
  }

  private final SqlHistory history;
  private final List<ValueColumn> columns;
  private final Map<SqlVersion, Version> versions = new IdentityHashMap<>();

  /** By column of the table; null for those that are not the SQL's. */
  private final Object[] row;

  SqlEvaluation(SqlHistory history, List<ValueColumn> columns) {
    this.history = history;
    this.columns = columns;
    this.row = new Object[columns.size()];
  }

  /**
   * One version of the SQL.
   *
   * @param start the columns that it began with
   */
  private record Version(TableLayout start, Map<Schema, Prepared> writers) {}

  /**
   * A version of the SQL for one writer schema's records.
   *
   * @param program null where the SQL can't be used for them: they can't be rows
   * @param places for each column of the table that of its value in the program's row, or -1
   * @param wider whether the schema has more than the SQL began with
   */
  private record Prepared(
      RecordFields fields,
      int inputs,
      SqlInterpreter.Program program,
      int[] places,
      int[] withoutColumn,
      boolean wider) {}

  /**
   * Makes the record's row, which is {@link #hash} and {@link #value} until the next call.
   *
   * @param version with a SQL
   * @throws UnstorableValueException where a column of the SQL's input or of the table can't hold a
   *     value
   */
  Outcome make(SqlVersion version, GenericRecord record) {
    Prepared prepared = prepared(version, record.getSchema());
    if (prepared.program == null) {
      return Outcome.FAILED;
    }
    if (prepared.program.readsAll()) {
      prepared.fields.requireColumns(record);
    }
    Object[] input = new Object[prepared.inputs];
    for (int place : prepared.program.reads()) {
      input[place] = prepared.fields.value(record, place);
    }
    Object[] made;
    try {
      made = prepared.program.apply(input);
    } catch (SqlInterpreter.NoValueException e) {
      return Outcome.FAILED;
    }
    if (made == null) {
      return Outcome.FILTERED;
    }
    show(prepared, made);
    return Outcome.ROW;
  }

  private void show(Prepared prepared, Object[] made) {
    List<Column> output = prepared.program.output();
    for (int place : prepared.withoutColumn) {
      if (made[place] != null) {
        throw new UnstorableValueException(
            output.get(place).name(), "the table has no column for it");
      }
    }
    for (int c = 0; c < row.length; c++) {
      int place = prepared.places[c];
      ColumnType type = columns.get(c).type();
      row[c] =
          place < 0
              ? null
              : PlainValues.as(type, output.get(place).type(), made[place], columns.get(c).name());
    }
  }

  /** Whether a record's schema has more than the SQL began with. */
  boolean isWider(SqlVersion version, Schema writer) {
    return prepared(version, writer).wider;
  }

  @Override
  public long hash(int column) {
    return PlainValues.hash(columns.get(column).type(), row[column]);
  }

  @Override
  public Object value(int column) {
    return row[column];
  }

  private Prepared prepared(SqlVersion version, Schema writer) {
    Version of = versions.computeIfAbsent(version, SqlEvaluation::version);
    return of.writers.computeIfAbsent(writer, w -> prepare(version, of.start, w));
  }

  private static Version version(SqlVersion version) {
    TableLayout start = new TableLayout(List.of());
    for (String text : version.schemas()) {
      Schema schema = new Schema.Parser().setValidateDefaults(false).parse(text);
      start = AvroTables.widen(start, schema, version.numbers()).layout();
    }
    return new Version(start, new IdentityHashMap<>());
  }

  private Prepared prepare(SqlVersion version, TableLayout start, Schema writer) {
    TableLayout input = AvroTables.widen(start, writer, version.numbers()).layout();
    boolean wider = !input.equals(start);
    RecordFields fields = ValueReaders.of(writer, input.columns());
    int inputs = input.columns().size();
    SqlInterpreter.Program program;
    try {
      program = history.interpreter().compile(version.sql(), input.columns(), version.numbers());
    } catch (MillraceException e) {
      return new Prepared(fields, inputs, null, null, null, wider);
    }
    if (wider && program.dependsOnAbsent()) {
      history.widthMatters();
    }
    List<String> output = program.output().stream().map(Column::name).toList();
    List<String> table = columns.stream().map(ValueColumn::name).toList();
    int[] places =
        columns.stream()
            .mapToInt(c -> c.source() == ValueColumn.Source.FIELD ? output.indexOf(c.name()) : -1)
            .toArray();
    int[] without =
        columns.isEmpty()
            ? new int[0]
            : java.util.stream.IntStream.range(0, output.size())
                .filter(i -> !table.contains(output.get(i)))
                .toArray();
    return new Prepared(fields, inputs, program, places, without, wider);
  }
}
