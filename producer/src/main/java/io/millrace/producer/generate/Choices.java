package io.millrace.producer.generate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Draws from a list of values that are encoded beforehand. */
final class Choices extends Writer {
  private final byte[][] encoded;
  private final Sampler sampler;

  private Choices(byte[][] encoded, Sampler sampler) {
    this.encoded = encoded;
    this.sampler = sampler;
  }

  static Writer of(Schema schema, Hint hint, String path) {
    List<?> values = hint.values();
    if (schema.getType() == Schema.Type.NULL) {
      return new Choices(new byte[1][0], Sampler.uniform(1));
    }
    byte[][] encoded = new byte[values.size()][];
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = encode(schema, values.get(i), path);
    }
    Sampler sampler =
        hint.weights() == null
            ? Sampler.skewed(encoded.length, hint.skew())
            : Sampler.weighted(
                hint.weights().stream().mapToDouble(w -> ((Number) w).doubleValue()).toArray());
    return new Choices(encoded, sampler);
  }

  int size() {
    return encoded.length;
  }

  /** A value's number. */
  int draw(Draft draft) {
    return (int) sampler.draw(draft);
  }

  void write(Draft draft, int number) {
    draft.put(encoded[number]);
  }

  @Override
  void write(Draft draft) {
    write(draft, draw(draft));
  }

  private static byte[] encode(Schema schema, Object value, String path) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      new GenericDatumWriter<>(schema).write(datum(schema, value), encoder);
    } catch (IOException | RuntimeException e) {
      throw Hint.wrong(path, "the value " + value + " is no " + schema.getType().getName());
    }
    return out.toByteArray();
  }

  /** As JSON and YAML know no int apart from long and no float apart from double. */
  private static Object datum(Schema schema, Object value) {
    return switch (schema.getType()) {
      case INT -> Math.toIntExact(whole(value));
      case LONG -> whole(value);
      case FLOAT -> ((Number) value).floatValue();
      case DOUBLE -> ((Number) value).doubleValue();
      case STRING -> (String) value;
      case BOOLEAN -> (Boolean) value;
      case ENUM -> {
        schema.getEnumOrdinal((String) value);
        yield new GenericData.EnumSymbol(schema, (String) value);
      }
      default -> throw new IllegalArgumentException("no list of values for " + schema.getType());
    };
  }

  private static long whole(Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw new IllegalArgumentException("no whole number");
  }
}
