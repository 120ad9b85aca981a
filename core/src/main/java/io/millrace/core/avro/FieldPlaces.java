package io.millrace.core.avro;

import io.millrace.core.column.Column;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Which column each of a writer's fields goes to: the one of its name; else one that knows its name
 * as an alias, or has the name of one of its own aliases. The first name that a column had stays.
 */
final class FieldPlaces {
  private FieldPlaces() {}

  /** For each field of the record its column's place, or {@link RecordFields#NO_COLUMN}. */
  static int[] of(Schema record, List<Column> columns) {
    List<Schema.Field> fields = record.getFields();
    int[] places = new int[fields.size()];
    boolean[] taken = new boolean[columns.size()];
    Arrays.fill(places, RecordFields.NO_COLUMN);
    for (int i = 0; i < places.length; i++) {
      int place = named(fields.get(i).name(), columns);
      if (place >= 0) {
        places[i] = place;
        taken[place] = true;
      }
    }
    for (int i = 0; i < places.length; i++) {
      if (places[i] < 0) {
        int place = aliased(fields.get(i), columns, taken);
        if (place >= 0) {
          places[i] = place;
          taken[place] = true;
        }
      }
    }
    return places;
  }

  private static int named(String name, List<Column> columns) {
    for (int i = 0; i < columns.size(); i++) {
      if (isField(columns.get(i)) && columns.get(i).name().equals(name)) {
        return i;
      }
    }
    return RecordFields.NO_COLUMN;
  }

  private static int aliased(Schema.Field field, List<Column> columns, boolean[] taken) {
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      if (isField(column)
          && !taken[i]
          && (column.aliases().contains(field.name())
              || field.aliases().contains(column.name())
              || column.aliases().stream().anyMatch(field.aliases()::contains))) {
        return i;
      }
    }
    return RecordFields.NO_COLUMN;
  }

  private static boolean isField(Column column) {
    return column.role() == Column.Role.FIELD;
  }

  /** Why a field has no column, in words. */
  static String whyNone(Schema.Field field, List<Column> columns) {
    for (Column column : columns) {
      if (column.name().equals(field.name())) {
        return "its name is that of a column that says where in Kafka a row came from";
      }
      if (column.name().equalsIgnoreCase(field.name())) {
        return "its name differs from column " + column.name() + " only by case";
      }
    }
    return "the table has no column for it";
  }
}
