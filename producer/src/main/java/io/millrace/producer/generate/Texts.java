package io.millrace.producer.generate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writers of random text. */
final class Texts {
  private static final int UUID_CHARS = 36;
  private static final int LEAST_CHARS = 8;
  private static final int MOST_CHARS = 24;
  private static final byte[] DIGITS = "0123456789".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LETTERS =
      "abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] WORD =
      "abcdefghijklmnopqrstuvwxyz0123456789".getBytes(StandardCharsets.US_ASCII);

  private Texts() {}

  static Writer of(Hint hint, String path) {
    Writer any = any(hint);
    if (hint.cardinality() == 0) {
      return any;
    }
    return new Limited(any, path.hashCode(), Sampler.skewed(hint.cardinality(), hint.skew()));
  }

  static Writer uuid() {
    return new Writer() {
      @Override
      void write(Draft draft) {
        draft.putByte(UUID_CHARS << 1);
        draft.putUuidText();
      }
    };
  }

  private static Writer any(Hint hint) {
    if (hint.pattern() != null) {
      return hint.pattern().equals("uuid") ? uuid() : new Pattern(hint.pattern());
    }
    int least = hint.minLength() == null ? LEAST_CHARS : hint.minLength();
    int most = hint.maxLength() == null ? Math.max(least, MOST_CHARS) : hint.maxLength();
    int from = hint.minLength() == null ? Math.min(least, most) : least;
    return new Writer() {
      @Override
      void write(Draft draft) {
        int length = from + (int) draft.below((long) most - from + 1);
        draft.putLong(length);
        for (int i = 0; i < length; i++) {
          draft.putByte(WORD[(int) draft.below(WORD.length)]);
        }
      }
    };
  }

  /** So many different texts at most: text k is always the same. */
  private static final class Limited extends Writer {
    private final Writer any;
    private final long salt;
    private final Sampler sampler;

    Limited(Writer any, int salt, Sampler sampler) {
      this.any = any;
      this.salt = Draft.mix(salt);
      this.sampler = sampler;
    }

    @Override
    void write(Draft draft) {
      long before = draft.divert(salt + sampler.draw(draft));
      any.write(draft);
      draft.resume(before);
    }
  }

  private static final class Pattern extends Writer {
    private final byte[] text;
    private final byte[][] alphabets;

    Pattern(String pattern) {
      text = pattern.getBytes(StandardCharsets.UTF_8);
      alphabets = new byte[text.length][];
      Arrays.setAll(alphabets, i -> alphabet(text[i]));
    }

    private static byte[] alphabet(byte character) {
      return switch (character) {
        case '#' -> DIGITS;
        case '?' -> LETTERS;
        case '%' -> HEX;
        default -> null;
      };
    }

    @Override
    void write(Draft draft) {
      draft.putLong(text.length);
      draft.room(text.length);
      for (int i = 0; i < text.length; i++) {
        byte[] alphabet = alphabets[i];
        draft.bytes[draft.end++] =
            alphabet == null ? text[i] : alphabet[(int) draft.below(alphabet.length)];
      }
    }
  }
}
