package io.millrace.core.avro;

import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.DoubleVector;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.LongVector;
import java.nio.charset.StandardCharsets;

/** Readers of values that have no parts. */
final class FlatReaders {
  static final FieldReader NULL = new NullReader();
  static final FieldReader BOOLEAN = new BooleanReader();
  static final FieldReader INT = new IntReader();
  static final FieldReader INT_TO_LONG = new IntToLongReader();
  static final FieldReader INT_TO_DOUBLE = new IntToDoubleReader();
  static final FieldReader INT_TO_FLOAT = new IntToFloatReader();
  static final FieldReader LONG = new LongReader();
  static final FieldReader LONG_TO_INT = new LongToIntReader();
  static final FieldReader LONG_TO_DOUBLE = new LongToDoubleReader();
  static final FieldReader LONG_TO_FLOAT = new LongToFloatReader();
  static final FieldReader MILLIS = new MillisReader();
  static final FieldReader TIME_MILLIS = new TimeMillisReader();
  static final FieldReader FLOAT = new FloatReader();
  static final FieldReader FLOAT_TO_DOUBLE = new FloatToDoubleReader();
  static final FieldReader DOUBLE = new DoubleReader();
  static final FieldReader DOUBLE_TO_FLOAT = new DoubleToFloatReader();
  static final FieldReader BYTES = new BytesReader();
  static final FieldReader STRING = new StringReader();
  static final FieldReader BYTES_TO_STRING = new BytesToStringReader();

  /** Doubles hold every integer up to here (53 bits), floats up to 24 bits. */
  private static final long EXACT_DOUBLE = 1L << 53;

  private static final long EXACT_FLOAT = 1L << 24;

  private FlatReaders() {}

  private static DecodeException outOfRange(Object value, String column) {
    return new DecodeException(
        DecodeException.Kind.OUT_OF_RANGE,
        value + " can't be stored exactly in a column of type " + column);
  }

  private static final class NullReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) {
      column.appendNull();
    }
  }

  private static final class BooleanReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ((BooleanVector) column).append(in.readBoolean());
    }
  }

  private static final class IntReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ((IntVector) column).append(in.readInt());
    }
  }

  private static final class IntToLongReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ((LongVector) column).append(in.readInt());
    }
  }

  private static final class IntToDoubleReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ((DoubleVector) column).append(in.readInt());
    }
  }

  private static final class IntToFloatReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      appendExactFloat(in.readInt(), column);
    }
  }

  private static final class LongReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ((LongVector) column).append(in.readLong());
    }
  }

  private static final class LongToIntReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      long value = in.readLong();
      if (value != (int) value) {
        throw outOfRange(value, "INT");
      }
      ((IntVector) column).append((int) value);
    }
  }

  private static final class LongToDoubleReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      long value = in.readLong();
      if (value > EXACT_DOUBLE || value < -EXACT_DOUBLE) {
        throw outOfRange(value, "DOUBLE");
      }
      ((DoubleVector) column).append(value);
    }
  }

  private static final class LongToFloatReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      appendExactFloat(in.readLong(), column);
    }
  }

  private static void appendExactFloat(long value, ColumnVector column) throws DecodeException {
    if (value > EXACT_FLOAT || value < -EXACT_FLOAT) {
      throw outOfRange(value, "FLOAT");
    }
    ((IntVector) column).append(Float.floatToRawIntBits(value));
  }

  /** Milliseconds into a column of microseconds. */
  private static final class MillisReader extends FieldReader {
    private static final long MOST = Long.MAX_VALUE / 1000;

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      long millis = in.readLong();
      if (millis > MOST || millis < -MOST) {
        throw new DecodeException(
            DecodeException.Kind.OUT_OF_RANGE,
            "timestamp-millis "
                + millis
                + " is out of range: a timestamp column counts microseconds");
      }
      ((LongVector) column).append(millis * 1000);
    }
  }

  /** Milliseconds of the day into a column of microseconds of the day. */
  private static final class TimeMillisReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ((LongVector) column).append(in.readInt() * 1000L);
    }
  }

  private static final class FloatReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ((IntVector) column).append(in.readFloatBits());
    }
  }

  private static final class FloatToDoubleReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ((DoubleVector) column).append(Float.intBitsToFloat(in.readFloatBits()));
    }
  }

  private static final class DoubleReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ((DoubleVector) column).append(in.readDouble());
    }
  }

  private static final class DoubleToFloatReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      double value = in.readDouble();
      if ((float) value != value && !Double.isNaN(value)) {
        throw outOfRange(value, "FLOAT");
      }
      ((IntVector) column).append(Float.floatToRawIntBits((float) value));
    }
  }

  private static final class BytesReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      int length = in.readLength();
      ((BytesVector) column).append(in.bytes, in.position, length);
      in.position += length;
    }
  }

  private static final class StringReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      BytesVector strings = (BytesVector) column;
      int length = in.readLength();
      appendText(strings, in, in.position, length);
      in.position += length;
    }
  }

  /** Malformed UTF-8 becomes U+FFFD, which is what Avro's readers in Java make of it. */
  static void appendText(BytesVector strings, AvroInput in, int start, int length) {
    if (strings.appendIfAscii(in.bytes, start, length)) {
      return;
    }
    if (Utf8Check.isValid(in.bytes, start, start + length)) {
      strings.append(in.bytes, start, length);
    } else {
      int repaired = in.repair().repair(in.bytes, start, length);
      strings.append(in.repair().bytes(), 0, repaired);
    }
  }

  /** Bytes into a STRING column, as Avro promotes them, but only where they are text. */
  private static final class BytesToStringReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      int length = in.readLength();
      int start = in.position;
      if (!Utf8Check.isValid(in.bytes, start, start + length)) {
        throw new DecodeException(
            DecodeException.Kind.OUT_OF_RANGE,
            "bytes that are not UTF-8 text, for a STRING column");
      }
      in.position = start + length;
      ((BytesVector) column).append(in.bytes, start, length);
    }
  }

  /** A UUID in 16 bytes into a STRING column, as its usual text. */
  static final class UuidText extends FieldReader {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final byte[] text =
        "00000000-0000-0000-0000-000000000000".getBytes(StandardCharsets.US_ASCII);

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      in.require(16);
      int place = 0;
      for (int i = 0; i < 16; i++) {
        if (text[place] == '-') {
          place++;
        }
        byte b = in.bytes[in.position + i];
        text[place++] = DIGITS[b >> 4 & 0xf];
        text[place++] = DIGITS[b & 0xf];
      }
      in.position += 16;
      ((BytesVector) column).append(text, 0, text.length);
    }
  }

  /** A number of bytes that the schema fixes. */
  static final class Fixed extends FieldReader {
    private final int size;

    Fixed(int size) {
      this.size = size;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      in.require(size);
      ((BytesVector) column).append(in.bytes, in.position, size);
      in.position += size;
    }
  }

  /** An enum becomes its symbol. */
  static final class Symbol extends FieldReader {
    private final byte[][] symbols;

    Symbol(byte[][] symbols) {
      this.symbols = symbols;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      int index = in.readInt();
      if (index < 0 || index >= symbols.length) {
        throw new DecodeException("enum index " + index + " of " + symbols.length + " symbols");
      }
      ((BytesVector) column).append(symbols[index], 0, symbols[index].length);
    }
  }

  /** Refuses every value. */
  static final class Conflict extends FieldReader {
    private final String reason;

    Conflict(String reason) {
      this.reason = reason;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      throw new DecodeException(DecodeException.Kind.TYPE_CONFLICT, reason);
    }
  }
}
