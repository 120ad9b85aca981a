package io.millrace.core.avro;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Random flat schemas and records, written and read by Avro's own generic classes. */
final class RandomRecords {
  private static final List<Schema> TYPES =
      List.of(
          Schema.create(Schema.Type.NULL),
          Schema.create(Schema.Type.BOOLEAN),
          Schema.create(Schema.Type.INT),
          Schema.create(Schema.Type.LONG),
          Schema.create(Schema.Type.FLOAT),
          Schema.create(Schema.Type.DOUBLE),
          Schema.create(Schema.Type.STRING),
          Schema.create(Schema.Type.BYTES),
          Schema.createEnum("Colour", null, "test", List.of("RED", "GREEN", "BLUE")),
          LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT)),
          LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)),
          LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG)));

  private final Random random;

  RandomRecords(long seed) {
    random = new Random(seed);
  }

  Schema schema() {
    List<Schema.Field> fields = new ArrayList<>();
    int count = random.nextInt(12);
    for (int i = 0; i < count; i++) {
      fields.add(new Schema.Field("f" + i, fieldSchema()));
    }
    return Schema.createRecord("Row", null, "test", false, fields);
  }

  private Schema fieldSchema() {
    Schema type = TYPES.get(random.nextInt(TYPES.size()));
    Schema none = Schema.create(Schema.Type.NULL);
    boolean isNull = type.getType() == Schema.Type.NULL;
    return switch (random.nextInt(4)) {
      case 0 -> isNull ? Schema.createUnion(none) : Schema.createUnion(none, type);
      case 1 -> isNull ? none : Schema.createUnion(type, none);
      case 2 -> Schema.createUnion(type);
      default -> type;
    };
  }

  byte[] record(Schema schema) throws IOException {
    GenericRecord record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      record.put(field.pos(), value(field.schema()));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private Object value(Schema schema) {
    return switch (schema.getType()) {
      case UNION -> value(schema.getTypes().get(random.nextInt(schema.getTypes().size())));
      case NULL -> null;
      case BOOLEAN -> random.nextBoolean();
      case INT -> (int) number();
      case LONG -> schema.getLogicalType() == null ? number() : number() / 1000;
      case FLOAT -> random.nextInt(9) == 0 ? Float.NaN : (float) random.nextGaussian();
      case DOUBLE -> random.nextInt(9) == 0 ? -0.0 : random.nextGaussian();
      case STRING -> text();
      case BYTES -> ByteBuffer.wrap(bytes());
      case ENUM -> new GenericData.EnumSymbol(schema, "RED");
      case RECORD, ARRAY, MAP, FIXED -> throw new IllegalStateException("not flat: " + schema);
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

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(20)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The record with a few bytes changed, removed or added. */
  byte[] damaged(byte[] record) {
    byte[] damaged = record.clone();
    int changes = random.nextInt(4);
    for (int i = 0; i < changes && damaged.length > 0; i++) {
      int extreme = random.nextInt(3);
      damaged[random.nextInt(damaged.length)] =
          (byte) (extreme == 0 ? 0xff : extreme == 1 ? 0x80 : random.nextInt());
    }
    int length = damaged.length + (random.nextInt(3) == 0 ? random.nextInt(9) - 4 : 0);
    return java.util.Arrays.copyOf(damaged, Math.max(0, length));
  }

  /** What Avro's reader makes of the bytes; null where it refuses them or leaves some over. */
  static GenericRecord read(Schema schema, byte[] bytes) {
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
    try {
      GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
      return decoder.isEnd() ? record : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
