package io.millrace.core.avro;

import io.millrace.core.column.ColumnBatch;
import java.nio.ByteBuffer;

/**
 * Decodes the Avro binary of one writer schema straight into the columns of a batch. Stateless
 * between records, may be used by one thread at a time.
 */
public interface RecordDecoder {
  /**
   * Appends one value to each field column of the batch. All of {@code payload} must be used up.
   *
   * @param payload the Avro binary without the wire-format header
   * @throws DecodeException where the bytes are not a record of the writer schema; the caller then
   *     calls {@link ColumnBatch#discardRow}
   */
  void decode(ByteBuffer payload, ColumnBatch batch) throws DecodeException;
}
