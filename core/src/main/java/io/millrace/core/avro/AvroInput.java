package io.millrace.core.avro;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads Avro's binary primitives from one record's bytes. Accepts and refuses what Avro's own
 * {@code BinaryDecoder} does, and never looks behind the record's end.
 */
final class AvroInput {
  /**
   * Items without bytes that a record may have: nothing else bounds what a few bytes make us build.
   */
  private static final int MOST_EMPTY_ITEMS = 1000;

  /**
   * Values that the items of a record may have in their columns, nulls included, beside {@link
   * #VALUES_A_BYTE}: a null of an array of wide records takes one byte, and has as many as it could
   * have fields.
   */
  private static final int MOST_VALUES = 1 << 18;

  private static final int VALUES_A_BYTE = 16;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  byte[] bytes = {};
  int position;
  private int start;
  private int end;
  private byte[] scratch = {};

  /** Items without bytes so far. */
  long emptyItems;

  /** Values of items so far. */
  long values;

  private long mostValues;

  private TextRepair repair;

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
    emptyItems = 0;
    values = 0;
    mostValues = MOST_VALUES + (long) VALUES_A_BYTE * length;
  }

  /** Bytes of the record read so far. */
  int consumed() {
    return position - start;
  }

  /** Made for the first malformed text. */
  TextRepair repair() {
    if (repair == null) {
      repair = new TextRepair();
    }
    return repair;
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

  int readFloatBits() throws DecodeException {
    require(Float.BYTES);
    int bits = (int) INTS.get(bytes, position);
    position += Float.BYTES;
    return bits;
  }

  double readDouble() throws DecodeException {
    require(Double.BYTES);
    long bits = (long) LONGS.get(bytes, position);
    position += Double.BYTES;
    return Double.longBitsToDouble(bits);
  }

  /** An unsigned little-endian number of four bytes. */
  long readUnsignedInt() throws DecodeException {
    return Integer.toUnsignedLong(readFloatBits());
  }

  /** Refuses to go on where fewer bytes are left. */
  void require(int length) throws DecodeException {
    if (remaining() < length) {
      throw truncated();
    }
  }

  /** Refuses a record with bytes behind its last value. */
  void requireEnd(String last) throws DecodeException {
    if (remaining() != 0) {
      throw new DecodeException(remaining() + " bytes are left after " + last);
    }
  }

  void skip(int length) throws DecodeException {
    require(length);
    position += length;
  }

  /**
   * The number of items in an array's or a map's next block, 0 after the last. A block may say its
   * size in bytes; as Avro's readers do, we read its items whatever that says.
   *
   * @param itemBytes the fewest bytes of an item; 0 where an item may have none
   * @param itemValues values that an item has in its columns; 0 where it is passed by
   */
  int readNextBlock(int itemBytes, int itemValues) throws DecodeException {
    return readBlock(itemBytes, itemValues, false);
  }

  /** As {@link #readNextBlock}, for the first block. */
  int readFirstBlock(int itemBytes, int itemValues) throws DecodeException {
    return readBlock(itemBytes, itemValues, true);
  }

  private int readBlock(int itemBytes, int itemValues, boolean first) throws DecodeException {
    long items = readLong();
    if (items < 0) {
      readLong();
      items = -items;
    }
    if (items < 0) {
      // Long.MIN_VALUE has no opposite; Avro's Java reader takes it for an empty collection at
      // first.
      if (first) {
        return 0;
      }
      throw new DecodeException("a block of " + items + " items");
    }
    if (itemBytes > 0) {
      if (items > remaining() / itemBytes) {
        throw new DecodeException(
            "a block of " + items + " items where " + remaining() + " bytes are left");
      }
    } else {
      emptyItems += items;
      if (emptyItems > MOST_EMPTY_ITEMS || emptyItems < 0) {
        throw new DecodeException(
            DecodeException.Kind.TOO_LARGE,
            "more than " + MOST_EMPTY_ITEMS + " items that take no bytes");
      }
    }
    values += items * itemValues;
    if (values > mostValues) {
      throw new DecodeException(
          DecodeException.Kind.TOO_LARGE,
          "more than " + mostValues + " values in its items, nulls included");
    }
    return (int) items;
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
