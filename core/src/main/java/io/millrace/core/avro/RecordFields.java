package io.millrace.core.avro;

import io.millrace.core.column.StructVector;

/** Runs one reader a field, in the writer's order, and gives null to columns the writer lacks. */
final class RecordFields {
  /** Place of a field that has no column. */
  static final int NO_COLUMN = -1;

  private final String[] names;
  private final FieldReader[] readers;
  private final int[] places;
  private final int[] missing;

  /**
   * @param names the writer's fields
   * @param readers one for each field
   * @param places each field's column, or {@link #NO_COLUMN}
   * @param missing columns of fields that the writer lacks
   */
  RecordFields(String[] names, FieldReader[] readers, int[] places, int[] missing) {
    this.names = names;
    this.readers = readers;
    this.places = places;
    this.missing = missing;
  }

  /** Appends one value to each field's column; the caller ends the struct's value. */
  void read(AvroInput in, StructVector columns) throws DecodeException {
    int field = 0;
    try {
      for (; field < readers.length; field++) {
        int place = places[field];
        readers[field].read(in, place == NO_COLUMN ? null : columns.member(place));
      }
    } catch (DecodeException e) {
      e.within(names[field]);
      throw e;
    }
    for (int place : missing) {
      columns.member(place).appendNull();
    }
  }
}
