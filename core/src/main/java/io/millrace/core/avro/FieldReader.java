package io.millrace.core.avro;

import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.DoubleVector;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.LongVector;
import java.nio.charset.StandardCharsets;

/**
 * Moves one field's value from a record into a column. One class for each pair of Avro type and
 * column type; chosen once per writer schema, so that reading a record decides nothing again. An
 * abstract class and not an interface, because a virtual call costs less than an interface call.
 */
abstract class FieldReader {
  static final FieldReader NULL = new NullReader();
  static final FieldReader BOOLEAN = new BooleanReader();
  static final FieldReader INT = new IntReader();
  static final FieldReader INT_TO_LONG = new IntToLongReader();
  static final FieldReader INT_TO_DOUBLE = new IntToDoubleReader();
  static final FieldReader LONG = new LongReader();
  static final FieldReader MILLIS = new MillisReader();
  static final FieldReader FLOAT = new FloatReader();
  static final FieldReader DOUBLE = new DoubleReader();
  static final FieldReader BYTES = new BytesReader();
  static final FieldReader STRING = new StringReader();

  /** Appends exactly one value, or throws. {@code column} is null where the field has none. */
  abstract void read(AvroInput in, ColumnVector column) throws DecodeException;

  private static final class NullReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) {
      if (column != null) {
        column.appendNull();
      }
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

  private static final class LongReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ((LongVector) column).append(in.readLong());
    }
  }

  /** Milliseconds into a column of microseconds. */
  private static final class MillisReader extends FieldReader {
    private static final long MOST = Long.MAX_VALUE / 1000;

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      long millis = in.readLong();
      if (millis > MOST || millis < -MOST) {
        throw new DecodeException(
            "timestamp-millis "
                + millis
                + " is out of range: a timestamp column counts microseconds");
      }
      ((LongVector) column).append(millis * 1000);
    }
  }

  private static final class FloatReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ((DoubleVector) column).append(in.readFloat());
    }
  }

  private static final class DoubleReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ((DoubleVector) column).append(in.readDouble());
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

  /** Malformed UTF-8 becomes U+FFFD, which is what Avro's readers in Java make of it. */
  private static final class StringReader extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      BytesVector strings = (BytesVector) column;
      int length = in.readLength();
      int start = in.position;
      in.position = start + length;
      if (!strings.appendIfAscii(in.bytes, start, length)) {
        appendText(strings, in.bytes, start, length);
      }
    }

    private static void appendText(BytesVector strings, byte[] bytes, int start, int length) {
      if (Utf8Check.isValid(bytes, start, start + length)) {
        strings.append(bytes, start, length);
      } else {
        byte[] repaired =
            new String(bytes, start, length, StandardCharsets.UTF_8)
                .getBytes(StandardCharsets.UTF_8);
        strings.append(repaired, 0, repaired.length);
      }
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

  /** A union of one or two branches, each with the reader of its type. */
  static final class Union extends FieldReader {
    private final FieldReader first;
    private final FieldReader second;

    /**
     * @param second null where the union has one branch
     */
    Union(FieldReader first, FieldReader second) {
      this.first = first;
      this.second = second;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      int index = in.readInt();
      if (index == 0) {
        first.read(in, column);
      } else if (index == 1 && second != null) {
        second.read(in, column);
      } else {
        throw new DecodeException(
            "union index " + index + " of " + (second == null ? 1 : 2) + " branches");
      }
    }
  }
}
