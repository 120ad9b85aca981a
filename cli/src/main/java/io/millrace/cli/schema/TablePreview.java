package io.millrace.cli.schema;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.error.MillraceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * What a table made from the latest schema becomes with records of a new one.
 *
 * @param columns of the table as it is, in order, then new ones
 * @param refusal why the new schema can't be a table's at all; null where it can
 * @param bySql whether the columns are those of the stream's SQL
 */
record TablePreview(List<PreviewColumn> columns, String refusal, boolean bySql) {
  /** What the new schema does to a column. */
  enum Effect {
    /** Goes on as it is. */
    STAYS,
    /** It gets members for new parts of the field; null in rows of before. */
    WIDENS,
    /** The table gets it; null in rows of before. */
    APPEARS,
    /** The new schema has no such field; null in its rows. */
    NULL_FROM_NOW_ON,
    /** A field that the SQL reads and the new schema lacks. */
    READ_AS_NULL,
    /** It can't take the new schema's values: their records can't be stored. */
    CONFLICT
  }

  /**
   * A column.
   *
   * @param type of the table's column
   * @param reason of a conflict; null for other effects
   */
  record PreviewColumn(String name, String type, Effect effect, String reason) {}

  TablePreview(List<PreviewColumn> columns, String refusal) {
    this(columns, refusal, false);
  }

  static TablePreview ofSql(List<PreviewColumn> columns, String refusal) {
    return new TablePreview(columns, refusal, true);
  }

  /**
   * @param latest empty where there is none: then all columns appear
   * @param kafkaColumns whose names no field may have
   */
  static TablePreview of(
      Optional<Schema> latest, Schema next, KafkaColumns kafkaColumns, NumberTypes numbers) {
    TableLayout now;
    try {
      now = AvroTables.layout(latest.orElse(next), kafkaColumns, numbers);
    } catch (MillraceException e) {
      return new TablePreview(List.of(), e.reason());
    }
    if (next.getType() != Schema.Type.RECORD) {
      return new TablePreview(List.of(), AvroTables.conflicts(next, now).get(0));
    }
    TableLayout then = AvroTables.widen(now, next, numbers).layout();
    Map<String, String> conflicts = conflicts(next, then);
    List<PreviewColumn> columns = new ArrayList<>();
    for (int i = 0; i < then.columns().size(); i++) {
      Column column = then.columns().get(i);
      if (column.role() == Column.Role.FIELD) {
        boolean isOld = latest.isPresent() && i < now.columns().size();
        ColumnType before = isOld ? now.columns().get(i).type() : null;
        columns.add(preview(column, before, next, conflicts));
      }
    }
    // Fields that get no column at all.
    conflicts.forEach(
        (field, reason) ->
            columns.add(
                new PreviewColumn(
                    field, next.getField(field).schema().toString(), Effect.CONFLICT, reason)));
    return new TablePreview(columns, null);
  }

  /**
   * @param before null where the column is new
   * @param conflicts by field; what belongs to this column is taken away
   */
  private static PreviewColumn preview(
      Column column, ColumnType before, Schema next, Map<String, String> conflicts) {
    Optional<String> field =
        next.getFields().stream()
            .map(Schema.Field::name)
            .filter(name -> name.equals(column.name()) || column.aliases().contains(name))
            .findFirst();
    String conflict = field.map(conflicts::remove).orElse(null);
    Effect effect;
    if (conflict != null) {
      effect = Effect.CONFLICT;
    } else if (before == null) {
      effect = Effect.APPEARS;
    } else if (field.isEmpty()) {
      effect = Effect.NULL_FROM_NOW_ON;
    } else {
      effect = column.type().equals(before) ? Effect.STAYS : Effect.WIDENS;
    }
    return new PreviewColumn(column.name(), column.type().toString(), effect, conflict);
  }

  /** What can't be stored, by top-level field. */
  static Map<String, String> conflicts(Schema next, TableLayout layout) {
    Map<String, String> conflicts = new LinkedHashMap<>();
    for (String conflict : AvroTables.conflicts(next, layout)) {
      String path = conflict.substring(0, conflict.indexOf(": "));
      String field = path.split("[.\\[]", 2)[0];
      String reason = path.equals(field) ? conflict.substring(path.length() + 2) : conflict;
      conflicts.merge(field, reason, (a, b) -> a + "; " + b);
    }
    return conflicts;
  }
}
