package io.millrace.lake.verify;

/** What the row of the record at hand holds in the table's columns that are made of its value. */
interface RowValues {
  /** The hash of the column's value, as {@link RowHasher} has it. */
  long hash(int column);

  /** The column's value, as {@link ValueText} takes it. */
  Object value(int column);
}
