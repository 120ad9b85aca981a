package io.millrace.cli.schema;

import io.millrace.cli.schema.TablePreview.Effect;
import io.millrace.cli.schema.TablePreview.PreviewColumn;
import io.millrace.core.avro.AvroTables;
import io.millrace.core.column.Column;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.sql.RecordSql;
import io.millrace.ingest.sql.SqlColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/** What a stream's SQL makes of records of a new schema: compiled as its tasks would. */
final class SqlPreview {
  private final String sql;
  private final KafkaColumns kafkaColumns;
  private final NumberTypes numbers;

  SqlPreview(String sql, KafkaColumns kafkaColumns, NumberTypes numbers) {
    this.sql = sql;
    this.kafkaColumns = kafkaColumns;
    this.numbers = numbers;
  }

  /**
   * @param latest empty where there is none: then all columns appear
   */
  TablePreview of(Optional<Schema> latest, Schema next) {
    if (next.getType() != Schema.Type.RECORD) {
      return TablePreview.ofSql(
          List.of(), AvroTables.conflicts(next, new TableLayout(List.of())).get(0));
    }
    TableLayout fields = widened(new TableLayout(List.of()), latest.orElse(next));
    List<Column> before = new ArrayList<>();
    RecordSql then;
    SqlColumns rows;
    try {
      if (latest.isPresent()) {
        before.addAll(compiled(fields).output());
      }
      then = compiled(widened(fields, next));
      List<Column> table = new ArrayList<>(before);
      table.addAll(AvroTables.kafkaColumns(Optional.empty(), kafkaColumns, numbers));
      rows = SqlColumns.into(new TableLayout(table), then.output());
    } catch (MillraceException e) {
      return TablePreview.ofSql(List.of(), e.reason());
    }
    if (!rows.refusals().isEmpty()) {
      return TablePreview.ofSql(List.of(), String.join("; ", rows.refusals()));
    }
    List<PreviewColumn> columns = new ArrayList<>();
    for (Column column : then.output()) {
      columns.add(preview(column, before));
    }
    columns.addAll(ofFields(then, next));
    return TablePreview.ofSql(columns, null);
  }

  private TableLayout widened(TableLayout fields, Schema schema) {
    return AvroTables.widen(fields, schema, numbers).layout();
  }

  private RecordSql compiled(TableLayout fields) {
    return RecordSql.compile(sql, fields.columns(), numbers);
  }

  private static PreviewColumn preview(Column column, List<Column> before) {
    Effect effect =
        before.stream()
            .filter(old -> old.name().equals(column.name()))
            .findFirst()
            .map(old -> old.type().equals(column.type()) ? Effect.STAYS : Effect.WIDENS)
            .orElse(Effect.APPEARS);
    return new PreviewColumn(column.name(), column.type().toString(), effect, null);
  }

  /** Those that the SQL reads, and can't have from the new schema's records. */
  private static List<PreviewColumn> ofFields(RecordSql then, Schema next) {
    List<PreviewColumn> found = new ArrayList<>();
    TableLayout read = then.record().layout();
    Set<String> names =
        next.getFields().stream().map(Schema.Field::name).collect(Collectors.toSet());
    TablePreview.conflicts(next, read)
        .forEach(
            (field, reason) -> {
              Optional<Column> column = column(read, field);
              if (column.isPresent() || then.readsAll()) {
                String type = column.map(c -> c.type().toString()).orElse("");
                found.add(new PreviewColumn(field, type, Effect.CONFLICT, reason));
              }
            });
    for (Column column : read.columns()) {
      if (!names.contains(column.name()) && column.aliases().stream().noneMatch(names::contains)) {
        found.add(
            new PreviewColumn(column.name(), column.type().toString(), Effect.READ_AS_NULL, null));
      }
    }
    return found;
  }

  private static Optional<Column> column(TableLayout read, String field) {
    return read.columns().stream()
        .filter(column -> column.name().equals(field) || column.aliases().contains(field))
        .findFirst();
  }
}
