package io.millrace.core.avro;

import java.nio.ByteBuffer;

/**
 * Reads Avro's binary primitives from one record's bytes. Accepts and refuses what Avro's own
 * {@code BinaryDecoder} does, and never looks behind the record's end.
 */
final class AvroInput {
  byte[] bytes = {};
  int position;
  private int start;
  private int end;
  private byte[] scratch = {};

  /** Starts a record; the buffer's position stays. */
  void reset(ByteBuffer payload) {
    int length = payload.remaining();
    if (payload.hasArray()) {
      bytes = payload.array();
      position = payload.arrayOffset() + payload.position();
    } else {
      if (scratch.length < length) {
        scratch = new byte[length];
      }
      payload.get(payload.position(), scratch, 0, length);
      bytes = scratch;
      position = 0;
    }
    start = position;
    end = position + length;
  }

  /** Bytes of the record read so far. */
  int consumed() {
    return position - start;
  }

  int remaining() {
    return end - position;
  }

  /** Any byte but 1 is false, as in Avro's BinaryDecoder. */
  boolean readBoolean() throws DecodeException {
    if (position >= end) {
      throw truncated();
    }
    return bytes[position++] == 1;
  }

  /** A zigzag varint of at most five bytes; bits beyond 32 are dropped, as Avro does. */
  int readInt() throws DecodeException {
    if (position >= end) {
      throw truncated();
    }
    int b = bytes[position++];
    if (b >= 0) {
      return (b >>> 1) ^ -(b & 1);
    }
    int n = b & 0x7f;
    for (int shift = 7; shift <= 28; shift += 7) {
      if (position >= end) {
        throw truncated();
      }
      b = bytes[position++];
      n |= (b & 0x7f) << shift;
      if (b >= 0) {
        return (n >>> 1) ^ -(n & 1);
      }
    }
    throw new DecodeException("an int of more than 5 bytes");
  }

  /** A zigzag varint of at most ten bytes; bits beyond 64 are dropped, as Avro does. */
  long readLong() throws DecodeException {
    if (position >= end) {
      throw truncated();
    }
    int b = bytes[position++];
    if (b >= 0) {
      return (b >>> 1) ^ -(b & 1);
    }
    long n = b & 0x7f;
    for (int shift = 7; shift <= 63; shift += 7) {
      if (position >= end) {
        throw truncated();
      }
      b = bytes[position++];
      n |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return (n >>> 1) ^ -(n & 1);
      }
    }
    throw new DecodeException("a long of more than 10 bytes");
  }

  float readFloat() throws DecodeException {
    return Float.intBitsToFloat((int) readFixed(Float.BYTES));
  }

  double readDouble() throws DecodeException {
    return Double.longBitsToDouble(readFixed(Double.BYTES));
  }

  private long readFixed(int length) throws DecodeException {
    if (remaining() < length) {
      throw truncated();
    }
    long bits = 0;
    for (int i = length - 1; i >= 0; i--) {
      bits = bits << 8 | (bytes[position + i] & 0xff);
    }
    position += length;
    return bits;
  }

  /** The length of a string or bytes value, all of which is there. */
  int readLength() throws DecodeException {
    long length = readLong();
    if (length < 0) {
      throw new DecodeException("a negative length " + length);
    }
    if (length > remaining()) {
      throw new DecodeException(
          "a length of " + length + " bytes where " + remaining() + " are left");
    }
    return (int) length;
  }

  private static DecodeException truncated() {
    return new DecodeException("the bytes end too early");
  }
}
