package io.millrace.core.avro;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Malformed UTF-8 as Java's readers see it: U+FFFD in place of what is malformed. Keeps its buffers
 * from text to text. One thread.
 */
final class TextRepair {
  private static final byte[] REPLACEMENT = "?".getBytes(StandardCharsets.US_ASCII);

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final CharsetEncoder encoder =
      StandardCharsets.UTF_8
          .newEncoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE)
          .replaceWith(REPLACEMENT);
  private CharBuffer chars = CharBuffer.allocate(256);
  private ByteBuffer bytes = ByteBuffer.allocate(768);

  /** The text, well-formed, from the start of {@link #bytes}; returns its length. */
  int repair(byte[] text, int start, int length) {
    if (chars.capacity() < length) {
      // A character takes at least one byte, and U+FFFD three.
      chars = CharBuffer.allocate(length);
      bytes = ByteBuffer.allocate(Math.multiplyExact(3, length));
    }
    chars.clear();
    bytes.clear();
    decoder.reset().decode(ByteBuffer.wrap(text, start, length), chars, true);
    decoder.flush(chars);
    encoder.reset().encode(chars.flip(), bytes, true);
    encoder.flush(bytes);
    return bytes.position();
  }

  byte[] bytes() {
    return bytes.array();
  }
}
