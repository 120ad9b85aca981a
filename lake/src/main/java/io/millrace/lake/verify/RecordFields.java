package io.millrace.lake.verify;

import org.apache.avro.generic.IndexedRecord;

/** Which of a record's fields fill which columns, or members of a struct. */
final class RecordFields {
  /** In place of a field: the column is null. */
  static final int NONE = -1;

  /** In place of a field: the column is true. */
  static final int PRESENT = -2;

  private final int[] fields;
  private final ValueReader[] readers;
  private final int[] withoutColumn;
  private final String path;

  /**
   * @param fields for each column its field's place, {@link #NONE} or {@link #PRESENT}
   * @param readers for each column that has a field
   * @param withoutColumn fields that no column takes
   * @param path where the record is, as in {@code order.items[]}; empty for the whole one
   */
  RecordFields(int[] fields, ValueReader[] readers, int[] withoutColumn, String path) {
    this.fields = fields;
    this.readers = readers;
    this.withoutColumn = withoutColumn;
    this.path = path;
  }

  int columns() {
    return fields.length;
  }

  /** Refuses a record with a value for which there is no column. */
  void requireColumns(IndexedRecord record) {
    for (int field : withoutColumn) {
      if (record.get(field) != null) {
        String name = record.getSchema().getFields().get(field).name();
        throw new UnstorableValueException(
            path.isEmpty() ? name : path + "." + name, "the table has no column for it");
      }
    }
  }

  long hash(IndexedRecord record, int column) {
    return switch (fields[column]) {
      case NONE -> ValueHash.NULL;
      case PRESENT -> FlatValues.BOOLEAN.hashOf(true);
      default -> readers[column].hash(record.get(fields[column]));
    };
  }

  Object value(IndexedRecord record, int column) {
    return switch (fields[column]) {
      case NONE -> null;
      case PRESENT -> true;
      default -> readers[column].value(record.get(fields[column]));
    };
  }
}
