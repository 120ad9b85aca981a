package io.millrace.lake.verify;

import io.millrace.core.column.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.util.Utf8;

/** Readers of values without parts. */
final class FlatValues {
  static final ValueReader BOOLEAN = new Booleans();
  static final ValueReader TEXT = new Text();
  static final ValueReader BINARY = new Binary();
  static final ValueReader UUID_TEXT = new UuidText();

  /** More bytes than that, those that repeat the sign left out, are no decimal of a row. */
  private static final int MOST_DECIMAL_BYTES = 128;

  private FlatValues() {}

  /** The bytes of a value of Avro's types bytes, fixed or string. */
  static byte[] bytes(Object value) {
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(buffer.position(), bytes);
      return bytes;
    }
    if (value instanceof Utf8 text) {
      return java.util.Arrays.copyOf(text.getBytes(), text.getByteLength());
    }
    return ((GenericFixed) value).bytes();
  }

  /** The text with U+FFFD in place of what is malformed. */
  static Utf8 wellFormed(Utf8 text) {
    return Text.isAscii(text) ? text : new Utf8(text.toString());
  }

  static long hashBytes(byte[] bytes) {
    return ValueHash.value(bytes, 0, bytes.length);
  }

  private static UnstorableValueException unstorable(String field, Object value, ColumnType type) {
    return new UnstorableValueException(
        field, value + " can't be stored exactly in a column of type " + type);
  }

  /** Refuses every value. */
  static final class Refused extends ValueReader {
    private final String field;
    private final String reason;

    Refused(String field, String reason) {
      this.field = field;
      this.reason = reason;
    }

    @Override
    long hashOf(Object value) {
      throw new UnstorableValueException(field, reason);
    }

    @Override
    Object valueOf(Object value) {
      throw new UnstorableValueException(field, reason);
    }
  }

  private static final class Booleans extends ValueReader {
    @Override
    long hashOf(Object value) {
      return ValueHash.value((Boolean) value ? 1L : 0L);
    }

    @Override
    Object valueOf(Object value) {
      return value;
    }
  }

  /** Integers into columns of integers: numbers, days, microseconds. */
  static final class Whole extends ValueReader {
    private final String field;
    private final ColumnType type;
    private final long least;
    private final long most;
    private final long factor;

    /**
     * @param factor what a value is multiplied by; its product has to fit the column
     */
    Whole(String field, ColumnType type, long factor) {
      this.field = field;
      this.type = type;
      this.factor = factor;
      boolean narrow = type.kind() == ColumnType.Kind.INT || type.kind() == ColumnType.Kind.DATE;
      this.least = (narrow ? Integer.MIN_VALUE : Long.MIN_VALUE) / factor;
      this.most = (narrow ? Integer.MAX_VALUE : Long.MAX_VALUE) / factor;
    }

    private long whole(Object value) {
      long number = ((Number) value).longValue();
      if (number < least || number > most) {
        throw unstorable(field, value, type);
      }
      return number * factor;
    }

    @Override
    long hashOf(Object value) {
      return ValueHash.value(whole(value));
    }

    @Override
    Object valueOf(Object value) {
      return whole(value);
    }
  }

  /** Numbers into DOUBLE. */
  static final class Doubles extends ValueReader {
    /** Every integer up to here is a double, by its 53 bits. */
    private static final long EXACT = 1L << 53;

    private final String field;
    private final boolean ofLongs;

    Doubles(String field, boolean ofLongs) {
      this.field = field;
      this.ofLongs = ofLongs;
    }

    private double real(Object value) {
      if (ofLongs && ((Long) value > EXACT || (Long) value < -EXACT)) {
        throw unstorable(field, value, ColumnType.DOUBLE);
      }
      return ((Number) value).doubleValue();
    }

    @Override
    long hashOf(Object value) {
      return ValueHash.value(real(value));
    }

    @Override
    Object valueOf(Object value) {
      return real(value);
    }
  }

  /** Numbers into FLOAT. */
  static final class Floats extends ValueReader {
    /** Every integer up to here is a float, by its 24 bits. */
    private static final long EXACT = 1L << 24;

    private final String field;

    Floats(String field) {
      this.field = field;
    }

    private float real(Object value) {
      boolean exact;
      if (value instanceof Float) {
        exact = true;
      } else if (value instanceof Double real) {
        exact = real.isNaN() || real == real.floatValue();
      } else {
        long number = ((Number) value).longValue();
        exact = number <= EXACT && number >= -EXACT;
      }
      if (!exact) {
        throw unstorable(field, value, ColumnType.FLOAT);
      }
      return ((Number) value).floatValue();
    }

    @Override
    long hashOf(Object value) {
      return ValueHash.value(real(value));
    }

    @Override
    Object valueOf(Object value) {
      return real(value);
    }
  }

  /** Strings and enums as text; malformed UTF-8 as Java's readers see it, with U+FFFD. */
  private static final class Text extends ValueReader {
    @Override
    long hashOf(Object value) {
      if (value instanceof Utf8 utf8 && isAscii(utf8)) {
        return ValueHash.value(utf8.getBytes(), 0, utf8.getByteLength());
      }
      return hashBytes(value.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    Object valueOf(Object value) {
      return value.toString();
    }

    private static boolean isAscii(Utf8 text) {
      byte[] bytes = text.getBytes();
      for (int i = 0; i < text.getByteLength(); i++) {
        if (bytes[i] < 0) {
          return false;
        }
      }
      return true;
    }
  }

  private static final class Binary extends ValueReader {
    @Override
    long hashOf(Object value) {
      return hashBytes(bytes(value));
    }

    @Override
    Object valueOf(Object value) {
      return bytes(value).clone();
    }
  }

  /** Bytes into STRING, where they are UTF-8. */
  static final class BytesText extends ValueReader {
    private final String field;

    BytesText(String field) {
      this.field = field;
    }

    @Override
    long hashOf(Object value) {
      valueOf(value);
      return hashBytes(bytes(value));
    }

    @Override
    Object valueOf(Object value) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(value))).toString();
      } catch (CharacterCodingException e) {
        throw new UnstorableValueException(field, "bytes that are not UTF-8 text");
      }
    }
  }

  /** A UUID in 16 bytes. */
  private static final class UuidText extends ValueReader {
    @Override
    long hashOf(Object value) {
      return hashBytes(valueOf(value).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    String valueOf(Object value) {
      ByteBuffer bytes = ByteBuffer.wrap(((GenericFixed) value).bytes());
      return new UUID(bytes.getLong(), bytes.getLong()).toString();
    }
  }

  /** Decimals into DECIMAL. */
  static final class Decimals extends ValueReader {
    private final String field;
    private final int scale;
    private final ColumnType type;

    /**
     * @param scale the writer's
     */
    Decimals(String field, int scale, ColumnType type) {
      this.field = field;
      this.scale = scale;
      this.type = type;
    }

    @Override
    long hashOf(Object value) {
      return ValueHash.value(valueOf(value).unscaledValue());
    }

    @Override
    BigDecimal valueOf(Object value) {
      BigDecimal number = decimal(value, scale, field);
      BigDecimal stored;
      try {
        stored = number.setScale(type.scale());
      } catch (ArithmeticException e) {
        throw unstorable(field, number, type);
      }
      if (stored.precision() > type.precision()) {
        throw unstorable(field, number, type);
      }
      return stored;
    }
  }

  /** Decimals into STRING. */
  static final class DecimalText extends ValueReader {
    private final String field;
    private final int scale;

    DecimalText(String field, int scale) {
      this.field = field;
      this.scale = scale;
    }

    @Override
    long hashOf(Object value) {
      return hashBytes(valueOf(value).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    String valueOf(Object value) {
      return decimal(value, scale, field).toPlainString();
    }
  }

  private static BigDecimal decimal(Object value, int scale, String field) {
    byte[] bytes = bytes(value);
    BigInteger unscaled = bytes.length == 0 ? null : new BigInteger(bytes);
    if (unscaled == null || unscaled.bitLength() >= 8 * MOST_DECIMAL_BYTES) {
      throw new UnstorableValueException(field, "a decimal of " + bytes.length + " bytes");
    }
    return new BigDecimal(unscaled, scale);
  }
}
