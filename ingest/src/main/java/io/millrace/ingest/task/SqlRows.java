package io.millrace.ingest.task;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.avro.DecodeException;
import io.millrace.core.avro.RecordDecoder;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.FieldRule;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.rule.RowRules;
import io.millrace.ingest.sql.RecordSql;
import io.millrace.ingest.sql.SqlColumns;
import io.millrace.ingest.sql.SqlFailure;
import io.millrace.ingest.sql.SqlTransform;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Makes rows by a stream's SQL: its decoders decode what the SQL reads of a record, check the rules
 * there, and have the SQL append the row. One thread.
 */
final class SqlRows {
  private final NumberTypes numbers;
  private final List<FieldRule> fieldRules;

  private SqlTransform transform;
  private RecordSql sql;

  /** Null where the stream has none. */
  private RowRules rules;

  /** What comes with the next {@link #follow}; null where nothing does. */
  private Wider next;

  private boolean filtered;

  /** The SQL for records of more columns, and the rows' columns then. */
  private record Wider(SqlTransform transform, RecordSql sql, TableLayout rows) {}

  SqlRows(TaskSpec spec) {
    numbers = spec.numberTypes();
    fieldRules = spec.rules();
    use(spec.sql(), spec.sql().compile(numbers, fieldRules));
  }

  private void use(SqlTransform used, RecordSql compiled) {
    transform = used;
    sql = compiled;
    rules = fieldRules.isEmpty() ? null : RowRules.of(fieldRules, compiled.record().layout());
  }

  /** The columns that the SQL may name. */
  TableLayout input() {
    return transform.input();
  }

  /** The table's columns, and those that the SQL has beside. */
  TableLayout rowsOf(TableLayout table) {
    SqlColumns rows = SqlColumns.into(table, sql.output());
    if (!rows.refusals().isEmpty()) {
      // Looked at when the stream began: somebody else has changed the table since.
      throw new MillraceException(
          ExitCode.PROTECTED,
          "The stream's sql does not fit the table",
          String.join("; ", rows.refusals()),
          "Cast it in the sql, or name a new table");
    }
    return rows.layout().equals(table) ? table : rows.layout();
  }

  /**
   * A decoder that makes rows of this writer schema's records; null where the SQL must be compiled
   * for more columns first: {@link #wider} says what the rows then have, {@link #follow} does it.
   *
   * @param rows the columns of the rows now
   */
  RecordDecoder decoder(Schema writer, TableLayout rows) {
    TableLayout wide = AvroTables.widen(input(), writer, numbers).layout();
    if (wide.equals(input())) {
      TableLayout read = sql.record().layout();
      return new Decoder(
          sql.readsAll()
              ? AvroTables.decoder(writer, read)
              : AvroTables.projection(writer, input(), read));
    }
    try {
      SqlTransform wider = transform.with(wide);
      RecordSql compiled = wider.compile(numbers, fieldRules);
      SqlColumns columns = SqlColumns.into(rows, compiled.output());
      if (!columns.refusals().isEmpty()) {
        return refusing(String.join("; ", columns.refusals()));
      }
      next = new Wider(wider, compiled, columns.layout().equals(rows) ? rows : columns.layout());
      return null;
    } catch (MillraceException e) {
      return refusing(e.reason());
    }
  }

  /** The others flow on; these can be redriven once the SQL is another. */
  private static RecordDecoder refusing(String reason) {
    return (payload, batch) -> {
      throw DecodeException.transform("the sql does not fit the record's schema: " + reason);
    };
  }

  /** The columns of the rows after {@link #follow}. */
  TableLayout wider() {
    return next.rows;
  }

  /** From now on the SQL is the one for more columns, if there is one. All decoders end. */
  void follow() {
    if (next != null) {
      use(next.transform, next.sql);
      next = null;
    }
  }

  /** Whether the last record that a decoder took has no row, and none was begun. */
  boolean hasFiltered() {
    return filtered;
  }

  /** Decodes what the SQL reads, and appends the row that it makes of that. */
  private final class Decoder implements RecordDecoder {
    private final RecordDecoder fields;

    Decoder(RecordDecoder fields) {
      this.fields = fields;
    }

    @Override
    public void decode(ByteBuffer payload, ColumnBatch batch) throws DecodeException {
      ColumnBatch record = sql.record();
      record.clear();
      fields.decode(payload, record);
      record.endRow();
      if (rules != null) {
        rules.check(record.columns(), 0);
      }
      try {
        filtered = !sql.apply(batch);
      } catch (SqlFailure e) {
        throw DecodeException.transform(e.getMessage());
      }
    }
  }
}
