package io.millrace.lake.verify;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Avro's own decoder, which allocates what a length in the bytes asks for; here a length beyond the
 * record's own is refused before. Avro's limits are system properties for the whole process.
 */
final class BoundedDecoder extends Decoder {
  /** What a record may have of items without bytes, which its length does not bound. */
  static final int MOST_EMPTY_ITEMS = 10_000;

  private BinaryDecoder in;
  private int length;
  private boolean emptyItems;
  private long emptyItemsRead;

  /** Starts a record. */
  void reset(byte[] bytes, int offset, int size) {
    in = DecoderFactory.get().binaryDecoder(bytes, offset, size, in);
    length = size;
    emptyItems = false;
    emptyItemsRead = 0;
  }

  /** Whether all bytes of the record were read. */
  boolean isEnd() throws IOException {
    return in.isEnd();
  }

  /** Whether the items of the array that comes next take no bytes; such items hold no arrays. */
  void emptyItems(boolean empty) {
    emptyItems = empty;
  }

  /** Refuses what can't be there. */
  int require(long size) throws IOException {
    if (size < 0 || size > length) {
      throw new EOFException("a length of " + size + " in a record of " + length + " bytes");
    }
    return (int) size;
  }

  private long requireItems(long items) throws IOException {
    if (!emptyItems) {
      return require(items);
    }
    emptyItemsRead += items;
    if (items < 0 || emptyItemsRead < 0 || emptyItemsRead > MOST_EMPTY_ITEMS) {
      throw new UnstorableValueException(
          "", "more than " + MOST_EMPTY_ITEMS + " items that take no bytes");
    }
    return items;
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    int size = require(in.readLong());
    Utf8 text = (old == null ? new Utf8() : old).setByteLength(size);
    in.readFixed(text.getBytes(), 0, size);
    return text;
  }

  @Override
  public String readString() throws IOException {
    return readString(null).toString();
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    int size = require(in.readLong());
    ByteBuffer bytes =
        old != null && old.capacity() >= size ? old.clear() : ByteBuffer.allocate(size);
    in.readFixed(bytes.array(), bytes.arrayOffset(), size);
    return bytes.limit(size);
  }

  @Override
  public void readFixed(byte[] bytes, int start, int size) throws IOException {
    in.readFixed(bytes, start, size);
  }

  @Override
  public long readArrayStart() throws IOException {
    return requireItems(in.readArrayStart());
  }

  @Override
  public long arrayNext() throws IOException {
    return requireItems(in.arrayNext());
  }

  @Override
  public long readMapStart() throws IOException {
    return require(in.readMapStart());
  }

  @Override
  public long mapNext() throws IOException {
    return require(in.mapNext());
  }

  @Override
  public void readNull() throws IOException {
    in.readNull();
  }

  @Override
  public boolean readBoolean() throws IOException {
    return in.readBoolean();
  }

  @Override
  public int readInt() throws IOException {
    return in.readInt();
  }

  @Override
  public long readLong() throws IOException {
    return in.readLong();
  }

  @Override
  public float readFloat() throws IOException {
    return in.readFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return in.readDouble();
  }

  @Override
  public int readEnum() throws IOException {
    return in.readEnum();
  }

  @Override
  public int readIndex() throws IOException {
    return in.readIndex();
  }

  @Override
  public void skipString() throws IOException {
    in.skipString();
  }

  @Override
  public void skipBytes() throws IOException {
    in.skipBytes();
  }

  @Override
  public void skipFixed(int size) throws IOException {
    in.skipFixed(size);
  }

  @Override
  public long skipArray() throws IOException {
    return in.skipArray();
  }

  @Override
  public long skipMap() throws IOException {
    return in.skipMap();
  }
}
