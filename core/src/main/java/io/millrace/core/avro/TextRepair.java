package io.millrace.core.avro;

import java.util.Arrays;

/**
 * Malformed UTF-8 as Java's readers see it: U+FFFD in place of what is malformed, once for as many
 * bytes as {@code new String(bytes, UTF_8)} takes it for. Keeps its buffer from text to text. One
 * thread.
 */
final class TextRepair {
  private static final int REPLACEMENT_BYTES = 3;

  private byte[] bytes = new byte[768];

  /** The text, well-formed, from the start of {@link #bytes}; returns its length. */
  int repair(byte[] text, int start, int length) {
    if (bytes.length < (long) REPLACEMENT_BYTES * length) {
      bytes = Arrays.copyOf(bytes, Math.multiplyExact(REPLACEMENT_BYTES, length));
    }
    int size = 0;
    int end = start + length;
    int i = start;
    while (i < end) {
      if (text[i] >= 0) {
        bytes[size++] = text[i++];
        continue;
      }
      int sequence = Utf8Check.sequenceLength(text, i, end);
      if (sequence > 0) {
        for (int k = 0; k < sequence; k++) {
          bytes[size++] = text[i++];
        }
      } else {
        bytes[size++] = (byte) 0xef;
        bytes[size++] = (byte) 0xbf;
        bytes[size++] = (byte) 0xbd;
        i += malformedLength(text, i, end);
      }
    }
    return size;
  }

  /** For how many bytes one U+FFFD stands: those that could have begun a sequence. */
  private static int malformedLength(byte[] text, int i, int end) {
    int lead = text[i] & 0xff;
    if (lead < 0xe0 || lead > 0xf4 || end - i < 2) {
      return 1;
    }
    int second = text[i + 1] & 0xff;
    int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    // Unlike in a well-formed text, a surrogate is one sequence here.
    int high = lead == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) {
      return 1;
    }
    int most = Math.min(end - i, lead < 0xf0 ? 3 : 4);
    int length = 2;
    while (length < most && (text[i + length] & 0xc0) == 0x80) {
      length++;
    }
    return length;
  }

  byte[] bytes() {
    return bytes;
  }
}
