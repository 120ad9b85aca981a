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
    } catch (DecodeException e) {
      e.at(in.consumed());
      throw e;
    }
    if (in.remaining() != 0) {
      DecodeException trailing =
          new DecodeException(in.remaining() + " bytes are left after the last field");
      trailing.at(in.consumed());
      throw trailing;
    }
  }
}
