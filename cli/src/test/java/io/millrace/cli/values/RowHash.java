package io.millrace.cli.values;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * An order-independent hash of rows: the sum of the first eight bytes of the MD5 of each row's
 * text. {@code values.py} computes the same; what a value's text is, {@link #text} says.
 */
final class RowHash {
  private long sum;
  private long rows;

  /** Adds a row of values in their columns' order. */
  void add(Object... values) {
    StringBuilder text = new StringBuilder();
    for (Object value : values) {
      text.append(text(value)).append('\u001f');
    }
    sum += ByteBuffer.wrap(md5(text.toString())).getLong();
    rows++;
  }

  private static String text(Object value) {
    if (value == null) {
      return "\u0000";
    }
    if (value instanceof Number number && !(value instanceof Integer || value instanceof Long)) {
      return Long.toString(Double.doubleToLongBits(number.doubleValue()));
    }
    if (value instanceof LocalDate date) {
      return Long.toString(date.toEpochDay());
    }
    if (value instanceof Instant instant) {
      return Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    return value.toString();
  }

  private static byte[] md5(String text) {
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  /** Number of rows and hash. */
  @Override
  public String toString() {
    return rows + " rows, hash " + "%016x".formatted(sum);
  }
}
