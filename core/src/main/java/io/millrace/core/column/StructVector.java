package io.millrace.core.column;

import java.util.List;

/**
 * Values of a STRUCT: one vector a member, row by row beside each other. A null has a null in each
 * member.
 *
 * <p>A value is appended by appending one to each member, then {@link #endValue}.
 */
public final class StructVector extends ColumnVector {
  private final ColumnVector[] members;

  StructVector(List<Column> members) {
    this.members =
        members.stream().map(m -> ColumnVectors.of(m.type())).toArray(ColumnVector[]::new);
  }

  public int members() {
    return members.length;
  }

  public ColumnVector member(int place) {
    return members[place];
  }

  /** Completes the value being appended. */
  public void endValue() {
    size++;
  }

  @Override
  void appendZero() {
    for (ColumnVector member : members) {
      member.appendNull();
    }
    size++;
  }

  @Override
  void resize(int newSize) {
    throw new IllegalStateException("Rows of a struct can't be set by number");
  }

  @Override
  void truncate(int newSize) {
    super.truncate(newSize);
    for (ColumnVector member : members) {
      member.truncate(newSize);
    }
  }

  @Override
  void retainValues(int[] rows, int count) {
    for (ColumnVector member : members) {
      member.retain(rows, count);
    }
  }

  @Override
  void move(int from, int to) {
    throw new IllegalStateException("A struct's members move by themselves");
  }

  @Override
  int fixedBytes() {
    return 0;
  }

  @Override
  long variableBytes() {
    long bytes = 0;
    for (ColumnVector member : members) {
      bytes += member.bytes();
    }
    return bytes;
  }
}
