package io.millrace.cli.dlq;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Texts and bytes of unknown origin, so that they can do nothing to a terminal. */
final class Printable {
  private static final int BYTES_A_LINE = 16;

  private Printable() {}

  /** The text in one line, control characters replaced. */
  static String line(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '.' : c)
        .forEach(line::appendCodePoint);
    return line.toString();
  }

  /** As text in quotes where the bytes are one, else in hexadecimal. */
  static String value(byte[] bytes) {
    if (bytes == null) {
      return "null";
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.codePoints().noneMatch(Character::isISOControl)) {
        return '"' + line(text) + '"';
      }
    } catch (CharacterCodingException e) {
      // Then it is no text.
    }
    return "0x" + HexFormat.of().formatHex(bytes);
  }

  /**
   * Sixteen bytes a line, in hexadecimal and as text.
   *
   * @param mark a byte to point at, at most one behind the last; -1 for none
   */
  static String dump(byte[] bytes, int mark, String indent) {
    StringBuilder dump = new StringBuilder();
    for (int start = 0; start < bytes.length || start == 0; start += BYTES_A_LINE) {
      int end = Math.min(bytes.length, start + BYTES_A_LINE);
      StringBuilder hex = new StringBuilder();
      StringBuilder text = new StringBuilder();
      for (int i = start; i < end; i++) {
        hex.append("%02x ".formatted(bytes[i] & 0xff));
        text.append(bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char) bytes[i] : '.');
      }
      dump.append(
          "%s%08x  %-48s |%s|%n".formatted(indent, start, hex.toString().stripTrailing(), text));
      boolean last = end == bytes.length;
      if (mark >= start && (mark < end || (last && mark >= end && mark - start < BYTES_A_LINE))) {
        dump.append(pointer(mark - start, mark, mark >= bytes.length, indent));
      } else if (last && mark >= bytes.length) {
        dump.append(pointer(BYTES_A_LINE, mark, true, indent));
      }
    }
    return dump.toString();
  }

  private static String pointer(int place, int mark, boolean behind, String indent) {
    return "%s%s^^ byte %d%s%n"
        .formatted(indent, " ".repeat(10 + 3 * place), mark, behind ? ", where the bytes end" : "");
  }
}
