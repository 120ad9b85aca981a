package io.millrace.cli.schema;

import java.io.IOException;
import java.io.OutputStream;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * Tries values of other schemas in a new one: each is read with its own schema, resolved to the new
 * one by Avro's reader, and written again. For one thread.
 */
final class RecordFit {
  /** What became of a value. */
  enum Result {
    FITS,
    /** Its own schema reads it, the new one does not. */
    MISFIT,
    /** Its own schema does not read it either. */
    UNREADABLE
  }

  /**
   * @param reason null where it fits
   */
  record Outcome(Result result, String reason) {}

  private static final Outcome FITS = new Outcome(Result.FITS, null);

  private final Schema next;
  private final GenericDatumWriter<Object> writer;
  private final BinaryEncoder nowhere =
      EncoderFactory.get().directBinaryEncoder(OutputStream.nullOutputStream(), null);
  private final Map<Schema, Readers> readers = new IdentityHashMap<>();

  /** A writer schema's readers: into itself, and into the new schema. */
  private record Readers(GenericDatumReader<Object> own, GenericDatumReader<Object> resolving) {}

  RecordFit(Schema next) {
    this.next = next;
    this.writer = new GenericDatumWriter<>(next);
  }

  /**
   * @param own the schema that the value was written with
   * @param bytes the value's, from {@code offset} to the end
   */
  Outcome fit(Schema own, byte[] bytes, int offset) {
    Readers both =
        readers.computeIfAbsent(
            own, s -> new Readers(new GenericDatumReader<>(s), new GenericDatumReader<>(s, next)));
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, offset, bytes.length - offset, null);
    try {
      both.own().read(null, decoder);
      if (!decoder.isEnd()) {
        return new Outcome(Result.UNREADABLE, "bytes are left behind the value");
      }
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      // Broken bytes can claim lengths of gigabytes, and depths without end.
      return new Outcome(Result.UNREADABLE, words(e));
    }
    try {
      Object value =
          both.resolving()
              .read(
                  null,
                  DecoderFactory.get()
                      .binaryDecoder(bytes, offset, bytes.length - offset, decoder));
      writer.write(value, nowhere);
      return FITS;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      return new Outcome(Result.MISFIT, words(e));
    }
  }

  private static String words(Throwable e) {
    String message = e.getMessage();
    return (message == null ? e.getClass().getSimpleName() : message)
        .strip()
        .replaceAll("\\s*\\R\\s*", " ");
  }
}
