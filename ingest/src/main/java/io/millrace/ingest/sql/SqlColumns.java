package io.millrace.ingest.sql;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A table's columns with those that a SQL makes.
 *
 * @param layout the columns there were, and those added
 * @param refusals what the table can't take, in words; empty where it takes all
 */
public record SqlColumns(TableLayout layout, List<String> refusals) {

  /** Puts what a SQL makes into a table's columns, by name: new ones come at the end. */
  public static SqlColumns into(TableLayout table, List<Column> output) {
    List<String> refusals = new ArrayList<>();
    List<Column> merged = merge(table.columns(), output, "", refusals);
    return new SqlColumns(new TableLayout(merged), List.copyOf(refusals));
  }

  private static List<Column> merge(
      List<Column> table, List<Column> added, String around, List<String> refusals) {
    List<Column> merged = new ArrayList<>(table);
    for (Column column : added) {
      String path = around + column.name();
      int place = indexOf(table, column.name());
      if (place < 0) {
        merged.add(column);
        continue;
      }
      Column there = table.get(place);
      if (there.role() != Column.Role.FIELD) {
        refusals.add(path + " has the name of a column for what is known of the Kafka record");
      } else if (!there.name().equals(column.name())) {
        refusals.add(
            "%s is %s in the table: case must be the same".formatted(path, around + there.name()));
      } else {
        ColumnType type = merge(there.type(), column.type(), path, refusals);
        merged.set(place, new Column(there.name(), type, there.role(), there.aliases()));
      }
    }
    return merged;
  }

  private static ColumnType merge(
      ColumnType table, ColumnType added, String path, List<String> refusals) {
    boolean same =
        table.kind() == added.kind()
            && table.precision() == added.precision()
            && table.scale() == added.scale();
    if (!same) {
      refusals.add("%s is %s, and %s in the table".formatted(path, added, table));
      return table;
    }
    return new ColumnType(
        table.kind(),
        table.precision(),
        table.scale(),
        merge(table.members(), added.members(), path + ".", refusals));
  }

  private static int indexOf(List<Column> columns, String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }
}
