package io.millrace.core.avro;

import io.millrace.core.column.BytesVector;

/**
 * Writes unscaled numbers of any length as plain decimal text, as {@code
 * BigDecimal.toPlainString()} does, and allocates nothing for it. One thread.
 */
final class DecimalText {
  private static final int CHUNK = 1_000_000_000;
  private static final int CHUNK_DIGITS = 9;

  private final int scale;

  /** The magnitude, most significant first. */
  private final int[] words;

  private final byte[] text;

  /**
   * @param scale digits behind the point, not negative
   * @param mostBytes of a number
   */
  DecimalText(int scale, int mostBytes) {
    this.scale = scale;
    words = new int[(mostBytes + 3) / 4];
    // 2.41 digits a byte, zeros before the scale's end, a chunk that is not full; sign and point.
    text = new byte[Math.max(mostBytes * 5 / 2, scale + 1) + CHUNK_DIGITS + 2];
  }

  /** Appends the text of a number in two's complement, big-endian. */
  void append(byte[] bytes, int start, int length, BytesVector vector) {
    boolean negative = bytes[start] < 0;
    int count = load(bytes, start, length, negative);
    int place = text.length;
    int digits = 0;
    int first = 0;
    while (first < count || digits <= scale) {
      int chunk = 0;
      if (first < count) {
        chunk = divide(first, count);
        while (first < count && words[first] == 0) {
          first++;
        }
      }
      for (int i = 0; i < CHUNK_DIGITS; i++) {
        if (first == count && chunk == 0 && digits > scale) {
          break;
        }
        if (digits == scale && scale > 0) {
          text[--place] = '.';
        }
        text[--place] = (byte) ('0' + chunk % 10);
        chunk /= 10;
        digits++;
      }
    }
    if (negative) {
      text[--place] = '-';
    }
    vector.append(text, place, text.length - place);
  }

  /** Fills the words with the number without its sign; returns how many they are. */
  private int load(byte[] bytes, int start, int length, boolean negative) {
    int count = (length + 3) / 4;
    int end = start + length;
    int carry = negative ? 1 : 0;
    for (int word = count - 1; word >= 0; word--) {
      int value = 0;
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        end--;
        int b = end >= start ? bytes[end] & 0xff : negative ? 0xff : 0;
        value |= b << shift;
      }
      if (negative) {
        value = ~value + carry;
        carry = carry == 1 && value == 0 ? 1 : 0;
      }
      words[word] = value;
    }
    return count;
  }

  /** Divides by a chunk; returns the rest. */
  private int divide(int first, int count) {
    long rest = 0;
    for (int i = first; i < count; i++) {
      long dividend = rest << Integer.SIZE | Integer.toUnsignedLong(words[i]);
      long quotient = dividend / CHUNK;
      words[i] = (int) quotient;
      rest = dividend - quotient * CHUNK;
    }
    return (int) rest;
  }
}
