package io.millrace.lake.verify;

import java.io.IOException;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.ResolvingDecoder;
import org.apache.avro.util.Utf8;

/**
 * Avro's own reader of one writer schema's records, kept from using up memory or stack on bytes
 * made to do that. One thread.
 */
final class RecordReader extends GenericDatumReader<GenericRecord> {
  /** Records in records; only schemas that contain themselves get so deep. */
  private static final int MOST_DEPTH = 200;

  /** What a fixed may take before it is known that it is there. */
  private static final int SMALL_FIXED = 4096;

  private final BoundedDecoder decoder;
  private final Map<Schema, Boolean> emptyItems = new IdentityHashMap<>();
  private GenericRecord reused;
  private int depth;

  RecordReader(Schema writer, BoundedDecoder decoder) {
    super(writer, writer, data(writer));
    this.decoder = decoder;
  }

  /** Data of its own: no logical type is converted, so values stay plain numbers. */
  private static GenericData data(Schema writer) {
    GenericData data = new GenericData();
    // Avro's fast reader calls none of the methods below, so it gets schemas that need none.
    data.setFastReaderEnabled(!needsCare(writer, new HashSet<>()));
    return data;
  }

  private static boolean needsCare(Schema schema, Set<String> open) {
    if (schema.getProp(GenericData.STRING_PROP) != null) {
      return true;
    }
    return switch (schema.getType()) {
      case FIXED -> schema.getFixedSize() > SMALL_FIXED;
      case ARRAY ->
          takesNoBytes(schema.getElementType(), new HashSet<>())
              || needsCare(schema.getElementType(), open);
      case MAP -> true;
      case UNION -> schema.getTypes().stream().anyMatch(branch -> needsCare(branch, open));
      case RECORD -> {
        boolean care =
            !open.add(schema.getFullName())
                || schema.getFields().stream().anyMatch(f -> needsCare(f.schema(), open));
        open.remove(schema.getFullName());
        yield care;
      }
      default -> false;
    };
  }

  /**
   * The record that the decoder was set to, good until the next call; null where its bytes are not
   * one.
   */
  GenericRecord read() {
    depth = 0;
    GenericRecord record = reused;
    reused = null;
    try {
      record = read(record, decoder);
      if (!decoder.isEnd()) {
        return null;
      }
    } catch (UnstorableValueException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Avro has many words for bytes that are not what the schema says.
      return null;
    }
    reused = record;
    return record;
  }

  @Override
  protected Object readRecord(Object old, Schema expected, ResolvingDecoder in) throws IOException {
    if (++depth > MOST_DEPTH) {
      throw new AvroRuntimeException("more than " + MOST_DEPTH + " records in each other");
    }
    Object record = super.readRecord(old, expected, in);
    depth--;
    return record;
  }

  @Override
  protected Object readArray(Object old, Schema expected, ResolvingDecoder in) throws IOException {
    boolean empty =
        emptyItems.computeIfAbsent(
            expected, array -> takesNoBytes(array.getElementType(), new HashSet<>()));
    decoder.emptyItems(empty);
    Object array = super.readArray(old, expected, in);
    decoder.emptyItems(false);
    return array;
  }

  @Override
  protected Object readFixed(Object old, Schema expected, Decoder in) throws IOException {
    decoder.require(expected.getFixedSize());
    // An old one of the same size would keep its schema, and so be another branch of a union.
    return super.readFixed(null, expected, in);
  }

  /** Keys that are the same text are the same key, also where their bytes were malformed. */
  @Override
  protected Object readMapKey(Object old, Schema expected, Decoder in) throws IOException {
    return FlatValues.wellFormed((Utf8) super.readMapKey(old, expected, in));
  }

  /** Bytes as they came. */
  @Override
  protected Class<?> findStringClass(Schema schema) {
    return CharSequence.class;
  }

  private static boolean takesNoBytes(Schema schema, Set<String> open) {
    return switch (schema.getType()) {
      case NULL -> true;
      case FIXED -> schema.getFixedSize() == 0;
      case RECORD -> {
        boolean empty =
            open.add(schema.getFullName())
                && schema.getFields().stream().allMatch(f -> takesNoBytes(f.schema(), open));
        open.remove(schema.getFullName());
        yield empty;
      }
      default -> false;
    };
  }
}
