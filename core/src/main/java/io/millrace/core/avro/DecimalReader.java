package io.millrace.core.avro;

import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.LongVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decimals: two's complement, big-endian (Avro 1.12, "Decimal"). A value that its column can't hold
 * exactly is refused.
 */
final class DecimalReader extends FieldReader {
  /** Bytes of an unscaled value of more than 18 digits in a vector. */
  private static final int LONG_DECIMAL_BYTES = 16;

  /** About 2,400 digits; arithmetic on more would take longer than a record may. */
  private static final int MOST_BYTES = 1000;

  private final int fixedSize;
  private final int scale;
  private final ColumnType column;
  private final long bound;
  private final byte[] wide = new byte[LONG_DECIMAL_BYTES];

  /**
   * @param fixedSize bytes of each value, -1 where a length stands before it
   * @param scale the writer's
   * @param column a DECIMAL, or STRING for digits that no DECIMAL has room for
   */
  DecimalReader(int fixedSize, int scale, ColumnType column) {
    this.fixedSize = fixedSize;
    this.scale = scale;
    this.column = column;
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
    int start = in.position;
    if (bound > 0 && length <= Long.BYTES) {
      long unscaled = in.bytes[start];
      for (int i = 1; i < length; i++) {
        unscaled = unscaled << 8 | in.bytes[start + i] & 0xff;
      }
      if (unscaled < bound && unscaled > -bound) {
        in.position = start + length;
        ((LongVector) vector).append(unscaled);
        return;
      }
    }
    if (length > MOST_BYTES) {
      throw new DecodeException(
          DecodeException.Kind.TOO_LARGE,
          "a decimal of " + length + " bytes, more than the " + MOST_BYTES + " that are taken");
    }
    appendExactly(new BigDecimal(new BigInteger(in.bytes, start, length), scale), vector);
    in.position = start + length;
  }

  private void appendExactly(BigDecimal value, ColumnVector vector) throws DecodeException {
    if (column.kind() == ColumnType.Kind.STRING) {
      byte[] text = value.toPlainString().getBytes(StandardCharsets.US_ASCII);
      ((BytesVector) vector).append(text, 0, text.length);
      return;
    }
    BigDecimal scaled;
    try {
      scaled = value.setScale(column.scale(), RoundingMode.UNNECESSARY);
    } catch (ArithmeticException e) {
      throw outOfRange(value);
    }
    if (scaled.precision() > column.precision()) {
      throw outOfRange(value);
    }
    if (vector instanceof LongVector longs) {
      longs.append(scaled.unscaledValue().longValueExact());
    } else {
      byte[] bytes = scaled.unscaledValue().toByteArray();
      int pad = LONG_DECIMAL_BYTES - bytes.length;
      Arrays.fill(wide, 0, pad, (byte) (bytes[0] < 0 ? -1 : 0));
      System.arraycopy(bytes, 0, wide, pad, bytes.length);
      ((BytesVector) vector).append(wide, 0, wide.length);
    }
  }

  private DecodeException outOfRange(BigDecimal value) {
    String shown =
        value.precision() <= 100
            ? value.toString()
            : "a number of " + value.precision() + " digits";
    return new DecodeException(
        DecodeException.Kind.OUT_OF_RANGE,
        shown + " can't be stored exactly in a column of type " + column);
  }
}
