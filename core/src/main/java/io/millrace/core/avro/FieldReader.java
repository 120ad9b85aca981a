package io.millrace.core.avro;

import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.DoubleVector;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.LongVector;
import java.nio.charset.StandardCharsets;

/**
 * Moves one field's value from a record into a column. One instance for each pair of Avro type and
 * column type; made once per writer schema, so that reading a record decides nothing again.
 */
interface FieldReader {
  /** Appends exactly one value, or throws. {@code column} is null where the field has none. */
  void read(AvroInput in, ColumnVector column) throws DecodeException;

  FieldReader NULL =
      (in, column) -> {
        if (column != null) {
          column.appendNull();
        }
      };
  FieldReader BOOLEAN = (in, column) -> ((BooleanVector) column).append(in.readBoolean());
  FieldReader INT = (in, column) -> ((IntVector) column).append(in.readInt());
  FieldReader INT_TO_LONG = (in, column) -> ((LongVector) column).append(in.readInt());
  FieldReader INT_TO_DOUBLE = (in, column) -> ((DoubleVector) column).append(in.readInt());
  FieldReader LONG = (in, column) -> ((LongVector) column).append(in.readLong());
  FieldReader MILLIS = (in, column) -> ((LongVector) column).append(micros(in.readLong()));
  FieldReader FLOAT = (in, column) -> ((DoubleVector) column).append(in.readFloat());
  FieldReader DOUBLE = (in, column) -> ((DoubleVector) column).append(in.readDouble());
  FieldReader BYTES = FieldReader::readBytes;
  FieldReader STRING = FieldReader::readString;

  private static long micros(long millis) throws DecodeException {
    long micros = millis * 1000;
    if (micros / 1000 != millis) {
      throw new DecodeException(
          "timestamp-millis "
              + millis
              + " is out of range: a timestamp column counts microseconds");
    }
    return micros;
  }

  private static void readBytes(AvroInput in, ColumnVector column) throws DecodeException {
    int length = in.readLength();
    ((BytesVector) column).append(in.bytes, in.position, length);
    in.position += length;
  }

  /** Malformed UTF-8 becomes U+FFFD, which is what Avro's readers in Java make of it. */
  private static void readString(AvroInput in, ColumnVector column) throws DecodeException {
    int length = in.readLength();
    int start = in.position;
    in.position = start + length;
    if (Utf8Check.isValid(in.bytes, start, start + length)) {
      ((BytesVector) column).append(in.bytes, start, length);
    } else {
      byte[] repaired =
          new String(in.bytes, start, length, StandardCharsets.UTF_8)
              .getBytes(StandardCharsets.UTF_8);
      ((BytesVector) column).append(repaired, 0, repaired.length);
    }
  }

  /** An enum becomes its symbol. */
  record Symbol(byte[][] symbols) implements FieldReader {
    @Override
    public void read(AvroInput in, ColumnVector column) throws DecodeException {
      int index = in.readInt();
      if (index < 0 || index >= symbols.length) {
        throw new DecodeException("enum index " + index + " of " + symbols.length + " symbols");
      }
      ((BytesVector) column).append(symbols[index], 0, symbols[index].length);
    }
  }

  /** A union of one or two branches; {@code first} and {@code second} read what the index says. */
  record Union(FieldReader first, FieldReader second) implements FieldReader {
    @Override
    public void read(AvroInput in, ColumnVector column) throws DecodeException {
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
