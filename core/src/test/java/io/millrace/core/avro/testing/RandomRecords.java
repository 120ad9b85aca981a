package io.millrace.core.avro.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Random schemas and records, written and read by Avro's own generic classes. */
public final class RandomRecords {
  static {
    // Avro allocates what a damaged length asks for; the records here are far shorter.
    System.setProperty("org.apache.avro.limits.string.maxLength", "1000000");
    System.setProperty("org.apache.avro.limits.bytes.maxLength", "1000000");
    System.setProperty("org.apache.avro.limits.collectionItems.maxLength", "1000");
  }

  /** Without conversions: numbers stay numbers. */
  private static final GenericData PLAIN = new GenericData();

  static {
    // The fast one does not ask for keys.
    PLAIN.setFastReaderEnabled(false);
  }

  private final Random random;

  private final RandomSchemas schemas;

  public RandomRecords(long seed) {
    random = new Random(seed);
    schemas = new RandomSchemas(random);
  }

  public Schema schema() {
    return schemas.next();
  }

  public Schema successor(Schema schema) {
    return schemas.successor(schema);
  }

  public byte[] record(Schema schema) throws IOException {
    return bytes((GenericRecord) value(schema));
  }

  /** The record as Avro writes it. */
  public static byte[] bytes(GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private Object value(Schema schema) {
    return switch (schema.getType()) {
      case UNION ->
          schema.getTypes().isEmpty()
              ? null
              : value(schema.getTypes().get(random.nextInt(schema.getTypes().size())));
      case NULL -> null;
      case BOOLEAN -> random.nextBoolean();
      case INT -> (int) number();
      case LONG -> schema.getLogicalType() == null ? number() : number() / 1000;
      case FLOAT -> random.nextInt(9) == 0 ? Float.NaN : (float) random.nextGaussian();
      case DOUBLE -> random.nextInt(9) == 0 ? -0.0 : random.nextGaussian();
      case STRING -> text();
      case BYTES -> ByteBuffer.wrap(bytes(schema.getLogicalType() == null ? 20 : 8));
      case FIXED -> new GenericData.Fixed(schema, exactBytes(schema.getFixedSize()));
      case ENUM ->
          new GenericData.EnumSymbol(
              schema, schema.getEnumSymbols().get(random.nextInt(schema.getEnumSymbols().size())));
      case ARRAY -> {
        List<Object> items = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          items.add(value(schema.getElementType()));
        }
        yield items;
      }
      case MAP -> {
        Map<String, Object> entries = new HashMap<>();
        for (int i = random.nextInt(3) == 0 ? random.nextInt(30) : random.nextInt(4); i > 0; i--) {
          entries.put(text(), value(schema.getValueType()));
        }
        yield entries;
      }
      case RECORD -> {
        GenericRecord record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
          record.put(field.pos(), value(field.schema()));
        }
        yield record;
      }
    };
  }

  /** Small and large ones alike. */
  private long number() {
    return random.nextLong() >> random.nextInt(Long.SIZE);
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(40);
    int most = random.nextInt(4) == 0 ? Character.MAX_CODE_POINT : 0x7f;
    while (text.length() < length) {
      int character = random.nextInt(most + 1);
      if (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE) {
        text.appendCodePoint(character);
      }
    }
    return text.toString();
  }

  private byte[] bytes(int most) {
    return exactBytes(random.nextInt(most + 1));
  }

  /** Small numbers as often as large ones. */
  private byte[] exactBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    if (random.nextBoolean()) {
      Arrays.fill(bytes, 0, length / 2, (byte) 0);
    }
    return bytes;
  }

  /** The record with a few bytes changed, removed or added. */
  public byte[] damaged(byte[] record) {
    byte[] damaged = record.clone();
    int changes = random.nextInt(4);
    for (int i = 0; i < changes && damaged.length > 0; i++) {
      int extreme = random.nextInt(3);
      damaged[random.nextInt(damaged.length)] =
          (byte) (extreme == 0 ? 0xff : extreme == 1 ? 0x80 : random.nextInt());
    }
    int length = damaged.length + (random.nextInt(3) == 0 ? random.nextInt(9) - 4 : 0);
    return Arrays.copyOf(damaged, Math.max(0, length));
  }

  /** What Avro's reader makes of the bytes; null where it refuses them or leaves some over. */
  public static GenericRecord read(Schema schema, byte[] bytes) {
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
    try {
      GenericRecord record = new TextKeys(schema).read(null, decoder);
      return decoder.isEnd() ? record : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** Map keys are texts, as a table has them: of two that are read as the same the last counts. */
  private static final class TextKeys extends GenericDatumReader<GenericRecord> {
    TextKeys(Schema schema) {
      super(schema, schema, PLAIN);
    }

    @Override
    protected Object readMapKey(Object old, Schema expected, Decoder in) throws IOException {
      return super.readMapKey(old, expected, in).toString();
    }
  }
}
