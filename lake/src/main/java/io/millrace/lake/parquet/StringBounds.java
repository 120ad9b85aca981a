package io.millrace.lake.parquet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bounds of at most some 32 characters for UTF-8 strings, in the order of code points: what Delta
 * does with long strings in its statistics.
 */
final class StringBounds {
  /** Delta's DATA_SKIPPING_STRING_PREFIX_LENGTH, in code points. */
  private static final int CHARACTERS = 32;

  /** No character sorts after it; readers' upper bounds end with it. */
  private static final byte[] LAST_CHARACTER =
      new String(Character.toChars(Character.MAX_CODE_POINT)).getBytes(StandardCharsets.UTF_8);

  private StringBounds() {}

  /** A prefix: at most the value. */
  static byte[] lower(byte[] utf8) {
    int cut = cut(utf8);
    return cut == utf8.length ? utf8 : Arrays.copyOf(utf8, cut);
  }

  /** At least the value: a prefix and the last character of all, unless the value is short. */
  static byte[] upper(byte[] utf8) {
    int cut = cut(utf8);
    // After a cut before U+10FFFF itself the prefix + U+10FFFF could be less than the value.
    while (startsWithLastCharacter(utf8, cut)) {
      cut += LAST_CHARACTER.length;
    }
    if (cut == utf8.length) {
      return utf8;
    }
    byte[] bound = Arrays.copyOf(utf8, cut + LAST_CHARACTER.length);
    System.arraycopy(LAST_CHARACTER, 0, bound, cut, LAST_CHARACTER.length);
    return bound;
  }

  private static boolean startsWithLastCharacter(byte[] utf8, int from) {
    int to = from + LAST_CHARACTER.length;
    return to <= utf8.length
        && Arrays.equals(utf8, from, to, LAST_CHARACTER, 0, LAST_CHARACTER.length);
  }

  private static int cut(byte[] utf8) {
    int characters = 0;
    for (int i = 0; i < utf8.length; i++) {
      boolean first = (utf8[i] & 0xc0) != 0x80;
      if (first && characters++ == CHARACTERS) {
        return i;
      }
    }
    return utf8.length;
  }
}
