package io.millrace.producer.file;

import io.millrace.core.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Encodes records in the wire format; for one thread. */
public final class DatumEncoder {
  private final GenericDatumWriter<GenericRecord> writer;
  private final byte[] header = new byte[WireFormat.HEADER_BYTES];
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private BinaryEncoder encoder;

  public DatumEncoder(Schema schema, int schemaId) {
    writer = new GenericDatumWriter<>(schema);
    WireFormat.putHeader(header, 0, schemaId);
  }

  /** A fresh array. */
  public byte[] encode(GenericRecord datum) {
    out.reset();
    try {
      out.write(header);
      encoder = EncoderFactory.get().binaryEncoder(out, encoder);
      writer.write(datum, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }
}
