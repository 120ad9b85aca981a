package io.millrace.cli.schema;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.column.Column;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * What a table made from the latest schema becomes with records of a new one.
 *
 * @param columns of the table as it is, in order, then new ones
 * @param refusal why the new schema can't be a table's at all; null where it can
 */
record TablePreview(List<PreviewColumn> columns, String refusal) {
  /** What the new schema does to a column. */
  enum Effect {
    /** Goes on as it is. */
    STAYS,
    /** The table gets it; null in rows of before. */
    APPEARS,
    /** The new schema has no such field; null in its rows. */
    NULL_FROM_NOW_ON,
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

  /**
   * @param latest empty where there is none: then all columns appear
   * @param kafkaColumns whose names no field may have
   */
  static TablePreview of(Optional<Schema> latest, Schema next, KafkaColumns kafkaColumns) {
    TableLayout now = new TableLayout(List.of());
    TableLayout then;
    try {
      then = AvroTables.layout(next, kafkaColumns);
      if (latest.isPresent()) {
        now = AvroTables.layout(latest.get(), kafkaColumns);
      }
    } catch (MillraceException e) {
      return new TablePreview(List.of(), e.reason());
    }
    List<PreviewColumn> columns = new ArrayList<>();
    for (Column column : fields(now)) {
      Schema.Field field = next.getField(column.name());
      String conflict = field == null ? null : conflict(next, field, now);
      Effect effect =
          field == null
              ? Effect.NULL_FROM_NOW_ON
              : conflict == null ? Effect.STAYS : Effect.CONFLICT;
      columns.add(new PreviewColumn(column.name(), column.type().toString(), effect, conflict));
    }
    for (Column column : fields(then)) {
      if (now.indexOf(column.name()) < 0) {
        String conflict = latest.isEmpty() ? null : otherCase(column, now);
        columns.add(
            new PreviewColumn(
                column.name(),
                column.type().toString(),
                conflict == null ? Effect.APPEARS : Effect.CONFLICT,
                conflict));
      }
    }
    return new TablePreview(columns, null);
  }

  private static List<Column> fields(TableLayout layout) {
    return layout.columns().stream().filter(c -> c.role() == Column.Role.FIELD).toList();
  }

  /** Why the table's column can't take the field; null where it can. */
  private static String conflict(Schema record, Schema.Field field, TableLayout now) {
    Schema alone =
        Schema.createRecord(
            record.getName(),
            null,
            record.getNamespace(),
            false,
            List.of(new Schema.Field(field.name(), field.schema())));
    try {
      AvroTables.decoder(alone, now);
      return null;
    } catch (MillraceException e) {
      return e.reason();
    }
  }

  private static String otherCase(Column column, TableLayout now) {
    return now.columns().stream()
        .filter(c -> c.name().equalsIgnoreCase(column.name()))
        .map(c -> "it differs from column " + c.name() + " only by case")
        .findFirst()
        .orElse(null);
  }
}
