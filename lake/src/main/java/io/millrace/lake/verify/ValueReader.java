package io.millrace.lake.verify;

/**
 * What a column should hold for the values that Avro's reader gives for one place in a writer
 * schema. Chosen once for each place, so that little is decided for each value.
 */
abstract class ValueReader {
  /** The hash of the column's value, as {@link RowHasher} has it. */
  final long hash(Object value) {
    return value == null ? ValueHash.NULL : hashOf(value);
  }

  /** The column's value, as {@link ValueText} takes it. */
  final Object value(Object value) {
    return value == null ? null : valueOf(value);
  }

  /**
   * @param value not null
   * @throws UnstorableValueException where the column can't hold exactly this value
   */
  abstract long hashOf(Object value);

  /** As {@link #hashOf}. */
  abstract Object valueOf(Object value);
}
