package io.millrace.lake.parquet;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.ListVector;
import io.millrace.core.column.StructVector;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A column of the file, or a part of a nested one: hands the vectors' rows to the leaves. */
abstract sealed class ColumnNode {
  /** Slots that levels are computed for at a time, unless one row has more: they stay in cache. */
  private static final int STEP = 8 * 1024;

  private final Column column;

  private ColumnNode(Column column) {
    this.column = column;
  }

  final Column column() {
    return column;
  }

  /** Appends rows {@code [from, to)} of the file's column; {@code levels} is scratch. */
  void append(ColumnVector vector, int from, int to, Levels levels) throws IOException {
    int row = from;
    while (row < to) {
      int end = stepEnd(vector, row, Math.min(to, row + STEP));
      levels.ofRows(row, end);
      append(vector, levels);
      row = end;
    }
    levels.trim();
  }

  /** Appends the vector's values at the slots that the levels of the node above say. */
  abstract void append(ColumnVector vector, Levels above) throws IOException;

  /** The largest end, at least {@code from + 1}, with about {@link #STEP} slots a leaf. */
  int stepEnd(ColumnVector vector, int from, int to) {
    return to;
  }

  /** In the order of the Parquet schema's leaves. */
  abstract void forEachChunk(Consumer<ColumnChunk> action);

  /** A column or member with values of its own. */
  static final class Leaf extends ColumnNode {
    private final ColumnChunk chunk;
    private final boolean required;

    Leaf(Column column, ColumnChunk chunk, boolean required) {
      super(column);
      this.chunk = chunk;
      this.required = required;
    }

    ColumnChunk chunk() {
      return chunk;
    }

    @Override
    void append(ColumnVector vector, int from, int to, Levels levels) throws IOException {
      chunk.append(vector, from, to);
    }

    @Override
    void append(ColumnVector vector, Levels above) throws IOException {
      chunk.append(vector, required ? above : above.present(vector));
    }

    @Override
    void forEachChunk(Consumer<ColumnChunk> action) {
      action.accept(chunk);
    }
  }

  /** A STRUCT, or a MAP's entries, which are required. */
  static final class Struct extends ColumnNode {
    private final List<ColumnNode> members;
    private final boolean required;

    Struct(Column column, List<ColumnNode> members, boolean required) {
      super(column);
      this.members = members;
      this.required = required;
    }

    List<ColumnNode> members() {
      return members;
    }

    @Override
    void append(ColumnVector vector, Levels above) throws IOException {
      StructVector structs = (StructVector) vector;
      Levels levels = required ? above : above.present(vector);
      for (int i = 0; i < members.size(); i++) {
        members.get(i).append(structs.member(i), levels);
      }
    }

    @Override
    int stepEnd(ColumnVector vector, int from, int to) {
      StructVector structs = (StructVector) vector;
      int end = to;
      for (int i = 0; i < members.size(); i++) {
        end = members.get(i).stepEnd(structs.member(i), from, end);
      }
      return end;
    }

    @Override
    void forEachChunk(Consumer<ColumnChunk> action) {
      members.forEach(member -> member.forEachChunk(action));
    }
  }

  /** A LIST or a MAP. */
  static final class Repeated extends ColumnNode {
    private final ColumnNode items;
    private final boolean inList;
    private long fileNulls;

    /**
     * @param inList whether it is itself a part of an item, where its nulls are not counted
     */
    Repeated(Column column, ColumnNode items, boolean inList) {
      super(column);
      this.items = items;
      this.inList = inList;
    }

    /** Rows of the file in which it is null. */
    long fileNulls() {
      return fileNulls;
    }

    @Override
    void append(ColumnVector vector, Levels above) throws IOException {
      ListVector lists = (ListVector) vector;
      if (!inList && lists.nullCount() > 0) {
        int end = above.firstValue(above.rows());
        for (int row = above.firstValue(0); row < end; row++) {
          fileNulls += lists.isNull(row) ? 1 : 0;
        }
      }
      items.append(lists.items(), above.items(lists));
    }

    @Override
    int stepEnd(ColumnVector vector, int from, int to) {
      ListVector lists = (ListVector) vector;
      int first = lists.start(from);
      int end =
          rowsEndingAt(lists, from, to, (int) Math.min(Integer.MAX_VALUE, (long) first + STEP));
      int last = lists.start(end);
      if (last > first) {
        int stop = items.stepEnd(lists.items(), first, last);
        end = rowsEndingAt(lists, from, end, stop);
      }
      return end;
    }

    /** The largest row up to {@code to} before which all items are below {@code item}. */
    private static int rowsEndingAt(ListVector lists, int from, int to, int item) {
      if (lists.start(to) <= item) {
        return to;
      }
      int place = Arrays.binarySearch(lists.ends(), from, to, item);
      return Math.max(from + 1, place >= 0 ? place + 1 : -place - 1);
    }

    @Override
    void forEachChunk(Consumer<ColumnChunk> action) {
      items.forEachChunk(action);
    }
  }
}
