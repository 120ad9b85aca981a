package io.millrace.core.avro;

import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.LongVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * Decimals: two's complement, big-endian (Avro 1.12, "Decimal"). A value that its column can't hold
 * exactly is refused.
 */
final class DecimalReader extends FieldReader {
  /** Bytes of an unscaled value of more than 18 digits in a vector. */
  private static final int LONG_DECIMAL_BYTES = 16;

  /** About 300 digits: the time that a number's text takes grows with the square of its length. */
  private static final int MOST_TEXT_BYTES = 128;

  private final int fixedSize;
  private final int scale;
  private final ColumnType column;
  private final long bound;

  /** No value of more bytes can fit. */
  private final int mostBytes;

  /** One digit more than the column has, with both signs; for values of more than 18 digits. */
  private final byte[] most;

  private final byte[] least;
  private final byte[] wide = new byte[LONG_DECIMAL_BYTES];

  /** Null where the column is no STRING. */
  private final DecimalText text;

  /**
   * @param fixedSize bytes of each value, -1 where a length stands before it
   * @param scale the writer's
   * @param column a DECIMAL, or STRING for digits that no DECIMAL has room for
   */
  DecimalReader(int fixedSize, int scale, ColumnType column) {
    this.fixedSize = fixedSize;
    this.scale = scale;
    this.column = column;
    this.text =
        column.kind() == ColumnType.Kind.STRING ? new DecimalText(scale, MOST_TEXT_BYTES) : null;
    BigInteger limit =
        column.kind() == ColumnType.Kind.DECIMAL
            ? BigInteger.TEN.pow(column.precision())
            : BigInteger.ZERO;
    this.most = wide(limit);
    this.least = wide(limit.negate());
    // Another scale may take away zeros: as many as 38 digits have.
    this.mostBytes =
        column.kind() == ColumnType.Kind.STRING
            ? MOST_TEXT_BYTES
            : column.scale() == scale ? LONG_DECIMAL_BYTES : 2 * LONG_DECIMAL_BYTES;
    this.bound =
        column.kind() == ColumnType.Kind.DECIMAL
                && column.precision() <= ColumnType.MAX_LONG_PRECISION
                && column.scale() == scale
            ? BigInteger.TEN.pow(column.precision()).longValueExact()
            : 0;
  }

  @Override
  void read(AvroInput in, ColumnVector vector) throws DecodeException {
    int length = fixedSize >= 0 ? fixedSize : in.readLength();
    in.require(length);
    if (length == 0) {
      throw new DecodeException("a decimal of no bytes");
    }
    int end = in.position + length;
    // What only repeats the sign is passed by; nearly always there is nothing.
    int start = firstSignificant(in.bytes, in.position, end);
    if (!append(in.bytes, start, end - start, vector)) {
      appendExactly(new BigDecimal(new BigInteger(in.bytes, start, end - start), scale), vector);
    }
    in.position = end;
  }

  /** Appends what needs no arithmetic; false where nothing was appended. */
  private boolean append(byte[] bytes, int start, int length, ColumnVector vector)
      throws DecodeException {
    if (bound > 0 && length <= Long.BYTES) {
      long unscaled = bytes[start];
      for (int i = 1; i < length; i++) {
        unscaled = unscaled << 8 | bytes[start + i] & 0xff;
      }
      if (unscaled < bound && unscaled > -bound) {
        ((LongVector) vector).append(unscaled);
        return true;
      }
    }
    if (length > mostBytes) {
      throw outOfRange("a number of " + length + " bytes");
    }
    if (text != null) {
      text.append(bytes, start, length, (BytesVector) vector);
      return true;
    }
    return bound == 0 && column.scale() == scale && appendWide(bytes, start, length, vector);
  }

  /** Appends a value of up to 16 bytes as it is, where it has no more digits than the column. */
  private boolean appendWide(byte[] bytes, int start, int length, ColumnVector vector) {
    if (length > LONG_DECIMAL_BYTES) {
      return false;
    }
    int pad = LONG_DECIMAL_BYTES - length;
    Arrays.fill(wide, 0, pad, (byte) (bytes[start] < 0 ? -1 : 0));
    System.arraycopy(bytes, start, wide, pad, length);
    if (compare(wide, least) <= 0 || compare(wide, most) >= 0) {
      return false;
    }
    ((BytesVector) vector).append(wide, 0, LONG_DECIMAL_BYTES);
    return true;
  }

  /** By signed value. */
  private static int compare(byte[] a, byte[] b) {
    return a[0] != b[0] ? Byte.compare(a[0], b[0]) : Arrays.compareUnsigned(a, b);
  }

  private static byte[] wide(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] wide = new byte[LONG_DECIMAL_BYTES];
    int pad = LONG_DECIMAL_BYTES - bytes.length;
    Arrays.fill(wide, 0, pad, (byte) (bytes[0] < 0 ? -1 : 0));
    System.arraycopy(bytes, 0, wide, pad, bytes.length);
    return wide;
  }

  /** The first byte but those that only repeat the sign. */
  private static int firstSignificant(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end - 1
        && (bytes[i] == 0 && bytes[i + 1] >= 0 || bytes[i] == -1 && bytes[i + 1] < 0)) {
      i++;
    }
    return i;
  }

  private void appendExactly(BigDecimal value, ColumnVector vector) throws DecodeException {
    BigDecimal scaled;
    try {
      scaled = value.setScale(column.scale(), RoundingMode.UNNECESSARY);
    } catch (ArithmeticException e) {
      throw outOfRange(value.toString());
    }
    if (scaled.precision() > column.precision()) {
      throw outOfRange(value.toString());
    }
    if (vector instanceof LongVector longs) {
      longs.append(scaled.unscaledValue().longValueExact());
    } else {
      ((BytesVector) vector).append(wide(scaled.unscaledValue()), 0, LONG_DECIMAL_BYTES);
    }
  }

  private DecodeException outOfRange(String shown) {
    return new DecodeException(
        DecodeException.Kind.OUT_OF_RANGE,
        shown + " can't be stored exactly in a column of type " + column);
  }
}
