package io.millrace.core.column;

import java.io.Serializable;
import java.util.List;

/**
 * The columns of a table's data files, in file order; every one is nullable. A table partition
 * column is not among them: Delta keeps it out of the files.
 */
public record TableLayout(List<Column> columns) implements Serializable {
  public TableLayout {
    columns = List.copyOf(columns);
  }

  /** The column's place, or -1. */
  public int indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Whether files with the columns of {@code files} can be part of a table with these: each column
   * is here, with the same type or, inside of structs, with more members.
   */
  public boolean covers(TableLayout files) {
    return covers(columns, files.columns);
  }

  /**
   * Whether {@code files} has a column that is not here, although one that is here and not there
   * holds the same field by another name.
   */
  public boolean knowsByOtherName(TableLayout files) {
    return files.columns.stream()
        .filter(file -> indexOf(file.name()) < 0)
        .anyMatch(
            file ->
                columns.stream()
                    .filter(column -> files.indexOf(column.name()) < 0)
                    .anyMatch(column -> areNamesOfOneField(column, file)));
  }

  private static boolean areNamesOfOneField(Column a, Column b) {
    return a.aliases().contains(b.name())
        || b.aliases().contains(a.name())
        || a.aliases().stream().anyMatch(b.aliases()::contains);
  }

  private static boolean covers(List<Column> table, List<Column> files) {
    return files.stream()
        .allMatch(
            file ->
                table.stream()
                    .anyMatch(c -> c.name().equals(file.name()) && covers(c.type(), file.type())));
  }

  private static boolean covers(ColumnType table, ColumnType file) {
    return table.kind() == file.kind()
        && table.precision() == file.precision()
        && table.scale() == file.scale()
        && covers(table.members(), file.members());
  }

  /** The place of the first column with this role, or -1. */
  public int indexOf(Column.Role role) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).role() == role) {
        return i;
      }
    }
    return -1;
  }
}
