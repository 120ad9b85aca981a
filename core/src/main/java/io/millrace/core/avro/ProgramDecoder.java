package io.millrace.core.avro;

import io.millrace.core.column.ColumnBatch;
import java.nio.ByteBuffer;

/** Runs one reader a field, in the writer's order. */
final class ProgramDecoder implements RecordDecoder {
  /** Place of a field that has no column because its type is null. */
  static final int NO_COLUMN = -1;

  private final String[] fields;
  private final FieldReader[] readers;
  private final int[] places;
  private final int[] missing;
  private final AvroInput in = new AvroInput();

  /**
   * @param fields the writer's fields
   * @param readers one for each field
   * @param places each field's column, or {@link #NO_COLUMN}
   * @param missing field columns that the writer lacks
   */
  ProgramDecoder(String[] fields, FieldReader[] readers, int[] places, int[] missing) {
    this.fields = fields;
    this.readers = readers;
    this.places = places;
    this.missing = missing;
  }

  @Override
  public void decode(ByteBuffer payload, ColumnBatch batch) throws DecodeException {
    in.reset(payload);
    int field = 0;
    try {
      for (; field < readers.length; field++) {
        int place = places[field];
        readers[field].read(in, place == NO_COLUMN ? null : batch.vector(place));
      }
    } catch (DecodeException e) {
      throw new DecodeException(
          "field " + fields[field] + " at byte " + in.consumed() + ": " + e.getMessage());
    }
    if (in.remaining() != 0) {
      throw new DecodeException(in.remaining() + " bytes are left after the last field");
    }
    for (int place : missing) {
      batch.vector(place).appendNull();
    }
  }
}
