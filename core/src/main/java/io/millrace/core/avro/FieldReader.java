package io.millrace.core.avro;

import io.millrace.core.column.ColumnVector;

/**
 * Moves one value from a record into a column, or past it. One class for each pair of Avro type and
 * column type; chosen once per writer schema, so that reading a record decides nothing again. An
 * abstract class and not an interface, because a virtual call costs less than an interface call.
 */
abstract class FieldReader {
  /**
   * Reads exactly one value and appends it, or throws.
   *
   * @param column null for readers that only pass the value by
   */
  abstract void read(AvroInput in, ColumnVector column) throws DecodeException;
}
