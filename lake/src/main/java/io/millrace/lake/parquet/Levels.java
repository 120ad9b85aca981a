package io.millrace.lake.parquet;

import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.ListVector;

/**
 * Repetition and definition levels of some rows at one node of a nested column (parquet-format,
 * "Nested Encoding"), for all that lies below it. A slot is a value, or a null or empty list that
 * stands in for one.
 *
 * <p>A vector's values lie beside its struct's, or are its list's items in a row, so a slot whose
 * definition level is at least {@link #reached} has a value in each vector right below the node,
 * and these values follow each other.
 *
 * <p>Each depth has one object, used again by all columns of all files of a task: the levels of a
 * node are valid until the next node of its depth asks for its own.
 */
final class Levels {
  /** Slots whose memory is kept for the next rows. */
  private static final int KEPT = 64 * 1024;

  private static final short[] NO_LEVELS = {};
  private static final int[] NO_ROWS = {};

  private short[] ownDefinitions = NO_LEVELS;
  private short[] ownRepetitions = NO_LEVELS;
  private int[] ownFirstSlots = NO_ROWS;
  private int[] ownFirstValues = NO_ROWS;
  private Levels below;

  private int rows;
  private int firstRow;
  private int slots;

  /** Definition level of a slot that has everything down to this node. */
  private int full;

  /** Definition level from which on a slot has a value in the vectors below. */
  private int reached;

  /** Slots that have less than {@link #full}; where there are none, nothing is in the array. */
  private int missing;

  /** Lists on the way from the row to this node: the largest repetition level. */
  private int depth;

  private short[] definitions;

  // Without a list on the way a row is one slot, and these are not used.
  private short[] repetitions;
  private int[] firstSlots;
  private int[] firstValues;

  /** Makes these the levels of rows {@code [from, to)} of the file's column, whatever it is. */
  void ofRows(int from, int to) {
    rows = to - from;
    firstRow = from;
    slots = rows;
    full = 0;
    reached = 0;
    missing = 0;
    depth = 0;
  }

  int rows() {
    return rows;
  }

  /** The first slot of the row, which counts from 0; for {@link #rows} the one after the last. */
  int firstSlot(int row) {
    return depth == 0 ? row : firstSlots[row];
  }

  /** The first value of the row in the vectors below; for {@link #rows} the one after the last. */
  int firstValue(int row) {
    return depth == 0 ? firstRow + row : firstValues[row];
  }

  /** The last row that begins at the slot or before. */
  int rowOfSlot(int slot, int from) {
    return depth == 0 ? Math.min(slot, rows) : lastAtMost(firstSlots, from, slot);
  }

  /** The last row whose values begin at this value or before. */
  int rowOfValue(int value, int from) {
    return depth == 0 ? value - firstRow : lastAtMost(firstValues, from, value);
  }

  private int lastAtMost(int[] ascending, int from, int most) {
    int low = from;
    int high = rows;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (ascending[middle] <= most) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Whether all slots have the level {@link #full}. */
  boolean isUniform() {
    return missing == 0;
  }

  int full() {
    return full;
  }

  /** Not to be asked for where the levels are uniform. */
  short[] definitions() {
    return definitions;
  }

  short[] repetitions() {
    return repetitions;
  }

  /** The levels one optional step further down, where {@code vector} says what is null. */
  Levels present(ColumnVector vector) {
    Levels child = below();
    child.rows = rows;
    child.firstRow = firstRow;
    child.slots = slots;
    child.full = full + 1;
    child.reached = reached;
    child.depth = depth;
    child.repetitions = repetitions;
    child.firstSlots = firstSlots;
    child.firstValues = firstValues;
    if (missing == 0 && vector.nullCount() == 0) {
      child.missing = 0;
    } else {
      child.reserveSlots(slots);
      child.definitions = child.ownDefinitions;
      child.missing =
          missing == 0
              ? markNulls(vector, child.definitions)
              : markPresent(vector, child.definitions);
    }
    return child;
  }

  /** {@link #markPresent} where each slot has a value. */
  private int markNulls(ColumnVector vector, short[] target) {
    int value = firstValue(0);
    int absent = 0;
    for (int slot = 0; slot < slots; slot++) {
      int isNull = vector.isNull(value++) ? 1 : 0;
      absent += isNull;
      target[slot] = (short) (full + 1 - isNull);
    }
    return absent;
  }

  private int markPresent(ColumnVector vector, short[] target) {
    int value = firstValue(0);
    int absent = 0;
    for (int slot = 0; slot < slots; slot++) {
      int level = definitions[slot];
      if (level >= reached) {
        if (level == full && !vector.isNull(value)) {
          level++;
        }
        value++;
      }
      absent += level <= full ? 1 : 0;
      target[slot] = (short) level;
    }
    return absent;
  }

  /** The levels of the items of lists: one step for the list, one for the item. */
  Levels items(ListVector lists) {
    Levels child = below();
    int items = lists.start(firstValue(rows)) - lists.start(firstValue(0));
    child.reserveSlots(slots + items);
    child.reserveRepetitions(slots + items);
    child.reserveRows(rows + 1);
    child.rows = rows;
    child.full = full + 2;
    child.reached = full + 2;
    child.depth = depth + 1;
    child.definitions = child.ownDefinitions;
    child.repetitions = child.ownRepetitions;
    child.firstSlots = child.ownFirstSlots;
    child.firstValues = child.ownFirstValues;
    child.slots =
        depth == 0 && missing == 0 && lists.nullCount() == 0
            ? unfoldRows(lists, child)
            : unfold(lists, child);
    child.missing = child.slots - items;
    return child;
  }

  /** {@link #unfold} where each row has one list. */
  private int unfoldRows(ListVector lists, Levels child) {
    short[] toDefinitions = child.definitions;
    short[] toRepetitions = child.repetitions;
    int[] firstSlotsOfRows = child.firstSlots;
    int[] firstValuesOfRows = child.firstValues;
    int[] ends = lists.ends();
    int item = lists.start(firstRow);
    int to = 0;
    short present = (short) (full + 2);
    for (int row = 0; row < rows; row++) {
      firstSlotsOfRows[row] = to;
      firstValuesOfRows[row] = item;
      int next = ends[firstRow + row];
      toDefinitions[to] = next == item ? (short) (full + 1) : present;
      toRepetitions[to++] = 0;
      while (++item < next) {
        toDefinitions[to] = present;
        toRepetitions[to++] = 1;
      }
      item = next;
    }
    firstSlotsOfRows[rows] = to;
    firstValuesOfRows[rows] = item;
    return to;
  }

  private int unfold(ListVector lists, Levels child) {
    short[] toDefinitions = child.definitions;
    short[] toRepetitions = child.repetitions;
    int[] ends = lists.ends();
    int list = firstValue(0);
    int item = lists.start(list);
    int slot = 0;
    int to = 0;
    for (int row = 0; row < rows; row++) {
      child.firstSlots[row] = to;
      child.firstValues[row] = item;
      for (int end = firstSlot(row + 1); slot < end; slot++) {
        int level = missing == 0 ? full : definitions[slot];
        int next = item;
        if (level >= reached) {
          next = ends[list];
          if (level == full && !lists.isNull(list)) {
            level = next == item ? full + 1 : full + 2;
          }
          list++;
        }
        toDefinitions[to] = (short) level;
        toRepetitions[to++] = depth == 0 ? 0 : repetitions[slot];
        while (++item < next) {
          toDefinitions[to] = (short) (full + 2);
          toRepetitions[to++] = (short) (depth + 1);
        }
        item = next;
      }
    }
    child.firstSlots[rows] = to;
    child.firstValues[rows] = item;
    return to;
  }

  /** Gives the memory of unusually large rows back. */
  void trim() {
    for (Levels levels = this; levels != null; levels = levels.below) {
      if (levels.ownDefinitions.length > 2 * KEPT) {
        levels.ownDefinitions = NO_LEVELS;
        levels.ownRepetitions = NO_LEVELS;
        levels.definitions = null;
        levels.repetitions = null;
      }
    }
  }

  private Levels below() {
    if (below == null) {
      below = new Levels();
    }
    return below;
  }

  private void reserveSlots(int count) {
    if (count > ownDefinitions.length) {
      ownDefinitions = new short[Math.max(count, Math.min(KEPT, 2 * ownDefinitions.length))];
    }
  }

  private void reserveRepetitions(int count) {
    if (count > ownRepetitions.length) {
      ownRepetitions = new short[Math.max(count, Math.min(KEPT, 2 * ownRepetitions.length))];
    }
  }

  private void reserveRows(int count) {
    if (count > ownFirstSlots.length) {
      ownFirstSlots = new int[count];
      ownFirstValues = new int[count];
    }
  }
}
