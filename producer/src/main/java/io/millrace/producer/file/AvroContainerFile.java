package io.millrace.producer.file;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * An Avro object container file. It has its own writer schema; each record is resolved to the
 * target schema by Avro's rules. It is first read as it was written, so that one that can't be
 * resolved does not take the next ones with it.
 */
final class AvroContainerFile implements RecordFile {
  private final Path file;
  private final Schema schema;
  private final DataFileReader<GenericRecord> reader;
  private final GenericDatumWriter<GenericRecord> asWritten;
  private final GenericDatumReader<GenericRecord> resolving;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long number;

  AvroContainerFile(Path file, Schema schema) throws IOException {
    this.file = file;
    this.schema = schema;
    this.reader = new DataFileReader<>(file.toFile(), new GenericDatumReader<>());
    this.asWritten = new GenericDatumWriter<>(reader.getSchema());
    this.resolving = new GenericDatumReader<>(reader.getSchema(), schema);
  }

  @Override
  public FileRecord next() {
    GenericRecord written;
    try {
      if (!reader.hasNext()) {
        requireWhole();
        return null;
      }
      written = reader.next();
    } catch (AvroRuntimeException | IOException e) {
      throw RecordFile.unreadable(file, e);
    }
    number++;
    if (reader.getSchema().equals(schema)) {
      return FileRecord.fits(number, written);
    }
    try {
      return FileRecord.fits(number, resolve(written));
    } catch (AvroRuntimeException e) {
      return FileRecord.misfit(number, written.toString(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw RecordFile.unreadable(file, e);
    }
  }

  /** Avro's reader takes a block that is cut off for the end of the file. */
  private void requireWhole() throws IOException {
    long length = Files.size(file);
    if (reader.previousSync() != length) {
      throw new EOFException(
          "it is cut off: its last whole block, with record %,d, ends at byte %,d of %,d"
              .formatted(number, reader.previousSync(), length));
    }
  }

  private GenericRecord resolve(GenericRecord written) throws IOException {
    bytes.reset();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    asWritten.write(written, encoder);
    return resolving.read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw RecordFile.unreadable(file, e);
    }
  }
}
