package io.millrace.core.avro.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Avro payloads that no producer sends: damaged ones, and large ones of nearly nothing. */
public final class HostilePayloads {
  private static final long[] NUMBERS = {
    Integer.MAX_VALUE,
    Integer.MAX_VALUE - 1L,
    1L << 31,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -(1L << 31),
    100_000,
    -100_000
  };

  /** Bytes that begin, go on and end what is no UTF-8, beside some that are. */
  private static final int[] TEXT_BYTES = {
    'a', 0x80, 0xbf, 0xc0, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0xf0, 0x9f, 0x98, 0xf5, 0xff
  };

  /** Of records that contain themselves; their first branch ends it. */
  private static final int MOST_DEPTH = 1000;

  private final Random random;

  public HostilePayloads(Random random) {
    this.random = random;
  }

  /** The record with bits flipped, cut, lengthened or with wild lengths; now and then as it is. */
  public byte[] mutated(byte[] record) throws IOException {
    byte[] bytes = record.clone();
    switch (random.nextInt(8)) {
      case 0 -> {
        return bytes;
      }
      case 1 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      }
      case 2 -> {
        return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(8));
      }
      case 3 -> {
        return noise(random.nextInt(60));
      }
      case 4 -> {
        return withNumber(bytes);
      }
      default -> {
        for (int flips = 1 + random.nextInt(3); flips > 0 && bytes.length > 0; flips--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
      }
    }
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  /** With a length or count in it that is far too large, or negative. */
  private byte[] withNumber(byte[] bytes) throws IOException {
    int place = random.nextInt(bytes.length + 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, place);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    encoder.writeLong(NUMBERS[random.nextInt(NUMBERS.length)]);
    if (random.nextBoolean()) {
      encoder.writeLong(NUMBERS[random.nextInt(NUMBERS.length)]);
    }
    int after = Math.min(bytes.length, place + random.nextInt(2));
    out.write(bytes, after, bytes.length - after);
    return out.toByteArray();
  }

  /**
   * A record of about so many bytes, where the schema has something that can be so long: very many
   * items, the shortest as often as longer ones, equal keys, long and malformed texts, long
   * numbers. Half of them are whole; the others end too early or with a byte too many.
   */
  public byte[] large(Schema schema, int length) throws IOException {
    Draft draft = new Draft();
    draft.write(schema, length);
    byte[] whole = draft.out.toByteArray();
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(whole, Math.max(0, whole.length - 1 - random.nextInt(3)));
      case 1 -> Arrays.copyOf(whole, whole.length + 1);
      default -> whole;
    };
  }

  /** One large payload; what its collections are like is the same all through. */
  private final class Draft {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    private final int branch = random.nextInt(8);
    private final int itemBytes = random.nextInt(3) == 0 ? 1 << random.nextInt(14) : 0;
    private final int blockItems = 1 << random.nextInt(16);
    private final int keys = random.nextInt(4);
    private final boolean malformed = random.nextBoolean();
    private int depth;

    /**
     * @param room bytes that the value should take about; at least what it must
     */
    void write(Schema schema, int room) throws IOException {
      switch (schema.getType()) {
        case NULL -> encoder.writeNull();
        case BOOLEAN -> encoder.writeBoolean(random.nextBoolean());
        case INT -> encoder.writeInt(random.nextInt() >> random.nextInt(Integer.SIZE));
        case LONG -> encoder.writeLong(random.nextLong() >> random.nextInt(Long.SIZE));
        case FLOAT -> encoder.writeFloat(random.nextFloat());
        case DOUBLE -> encoder.writeDouble(random.nextDouble());
        case STRING -> encoder.writeBytes(text(room));
        case BYTES -> encoder.writeBytes(noise(room));
        case FIXED -> encoder.writeFixed(noise(schema.getFixedSize()));
        case ENUM -> encoder.writeEnum(random.nextInt(schema.getEnumSymbols().size()));
        case UNION -> union(schema, room);
        case RECORD -> {
          int fields = Math.max(1, schema.getFields().size());
          int longest = random.nextInt(fields);
          for (Schema.Field field : schema.getFields()) {
            write(field.schema(), field.pos() == longest || random.nextInt(3) == 0 ? room / 2 : 0);
          }
        }
        case ARRAY -> items(null, schema.getElementType(), room);
        case MAP -> items(Schema.create(Schema.Type.STRING), schema.getValueType(), room);
      }
    }

    private void union(Schema union, int room) throws IOException {
      int branches = union.getTypes().size();
      if (branches == 0) {
        encoder.writeIndex(0);
        return;
      }
      int index = branch < branches ? branch : random.nextInt(branches);
      encoder.writeIndex(depth < MOST_DEPTH ? index : 0);
      depth++;
      write(union.getTypes().get(depth <= MOST_DEPTH ? index : 0), room);
      depth--;
    }

    private void items(Schema key, Schema item, int room) throws IOException {
      int end = out.size() + room;
      int number = 0;
      while (out.size() < end && number < 2 * room) {
        // Items without bytes take no more than their counts, and a few are too many.
        encoder.writeLong(blockItems);
        for (int i = 0; i < blockItems; i++) {
          if (key != null) {
            key(number);
          }
          int left = Math.max(0, end - out.size());
          write(item, itemBytes == 0 ? 0 : Math.min(left, itemBytes));
          number++;
          if (out.size() > 2 * end) {
            return; // the block is cut
          }
        }
      }
      encoder.writeLong(0);
    }

    private void key(int number) throws IOException {
      switch (keys) {
        case 0 -> encoder.writeString("");
        case 1 -> encoder.writeString(Integer.toString(number % 100));
        case 2 -> encoder.writeString(Integer.toString(number, Character.MAX_RADIX));
        default -> encoder.writeBytes(text(3));
      }
    }

    private byte[] text(int length) {
      byte[] text = new byte[length];
      for (int i = 0; i < length; i++) {
        text[i] = (byte) (malformed ? TEXT_BYTES[random.nextInt(TEXT_BYTES.length)] : 'a');
      }
      return text;
    }
  }
}
