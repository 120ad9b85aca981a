package io.millrace.core.wire;

import java.nio.ByteBuffer;

/**
 * Confluent's wire format: one magic byte 0, the schema id as a big-endian int, then the Avro
 * binary.
 */
public final class WireFormat {
  public static final byte MAGIC = 0;

  /** Bytes before the Avro binary. */
  public static final int HEADER_BYTES = 5;

  private WireFormat() {}

  /** Whether {@code value} is long enough for a header and starts with the magic byte. */
  public static boolean hasHeader(ByteBuffer value) {
    return value.remaining() >= HEADER_BYTES && value.get(value.position()) == MAGIC;
  }

  /** The writer schema id; only defined where {@link #hasHeader} is true. Moves no position. */
  public static int schemaId(ByteBuffer value) {
    return value.order() == java.nio.ByteOrder.BIG_ENDIAN
        ? value.getInt(value.position() + 1)
        : Integer.reverseBytes(value.getInt(value.position() + 1));
  }

  /** Writes the header into the first {@link #HEADER_BYTES} bytes of {@code target} at offset. */
  public static void putHeader(byte[] target, int offset, int schemaId) {
    target[offset] = MAGIC;
    target[offset + 1] = (byte) (schemaId >>> 24);
    target[offset + 2] = (byte) (schemaId >>> 16);
    target[offset + 3] = (byte) (schemaId >>> 8);
    target[offset + 4] = (byte) schemaId;
  }
}
