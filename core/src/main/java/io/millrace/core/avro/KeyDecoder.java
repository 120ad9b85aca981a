package io.millrace.core.avro;

import io.millrace.core.column.ColumnBatch;
import java.nio.ByteBuffer;

/** Decodes keys, which are values of any type, into one column. */
final class KeyDecoder implements RecordDecoder {
  private final FieldReader reader;
  private final int place;
  private final AvroInput in = new AvroInput();

  KeyDecoder(FieldReader reader, int place) {
    this.reader = reader;
    this.place = place;
  }

  @Override
  public void decode(ByteBuffer payload, ColumnBatch batch) throws DecodeException {
    in.reset(payload);
    try {
      reader.read(in, batch.columns().member(place));
      in.requireEnd("the key");
    } catch (DecodeException e) {
      e.ofKey(in.consumed());
      throw e;
    }
  }
}
