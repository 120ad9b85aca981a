package io.millrace.core.avro;

import io.millrace.core.column.ColumnBatch;
import java.nio.ByteBuffer;

/** Decodes whole records. */
final class FieldsDecoder implements RecordDecoder {
  private final RecordFields fields;
  private final AvroInput in = new AvroInput();

  FieldsDecoder(RecordFields fields) {
    this.fields = fields;
  }

  @Override
  public void decode(ByteBuffer payload, ColumnBatch batch) throws DecodeException {
    in.reset(payload);
    try {
      fields.read(in, batch.columns());
      in.requireEnd("the last field");
    } catch (DecodeException e) {
      e.at(in.consumed());
      throw e;
    }
  }
}
