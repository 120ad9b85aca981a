package io.millrace.lake.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Numbers distinct byte strings from 0 in the order of their first appearance: an open-addressing
 * table over one array of bytes, so that a look-up allocates nothing.
 */
final class BytesDictionary {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Odd 64-bit constants with well mixed bits: the golden ratio's and xxHash's second prime. */
  private static final long MIX_1 = 0x9e3779b97f4a7c15L;

  private static final long MIX_2 = 0xc2b2ae3d27d4eb4fL;

  private static final int FIRST_SLOTS = 256;

  private final ByteSink data = new ByteSink();
  private int[] ends = new int[FIRST_SLOTS / 2];
  private int[] hashes = new int[FIRST_SLOTS / 2];

  /** Entry number + 1; 0 is free. */
  private int[] slots = new int[FIRST_SLOTS];

  private int entries;

  int entries() {
    return entries;
  }

  /** Bytes of all entries. */
  int dataBytes() {
    return data.size;
  }

  byte[] data() {
    return data.bytes;
  }

  int start(int entry) {
    return entry == 0 ? 0 : ends[entry - 1];
  }

  int end(int entry) {
    return ends[entry];
  }

  long memory() {
    return data.capacity() + (long) Integer.BYTES * (ends.length + hashes.length + slots.length);
  }

  /** The value's number; it is added if it is new. */
  int add(byte[] bytes, int from, int to) {
    int hash = hash(bytes, from, to);
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (true) {
      int entry = slots[slot] - 1;
      if (entry < 0) {
        return insert(slot, hash, bytes, from, to);
      }
      if (hashes[entry] == hash && isEntry(entry, bytes, from, to)) {
        return entry;
      }
      slot = (slot + 1) & mask;
    }
  }

  /** By words: most values are short, and for these it costs less than {@link Arrays#equals}. */
  private boolean isEntry(int entry, byte[] bytes, int from, int to) {
    int length = to - from;
    int start = start(entry);
    if (ends[entry] - start != length) {
      return false;
    }
    byte[] own = data.bytes;
    if (length < Long.BYTES) {
      for (int i = 0; i < length; i++) {
        if (own[start + i] != bytes[from + i]) {
          return false;
        }
      }
      return true;
    }
    int last = length - Long.BYTES;
    for (int i = 0; i < last; i += Long.BYTES) {
      if ((long) LONGS.get(own, start + i) != (long) LONGS.get(bytes, from + i)) {
        return false;
      }
    }
    return (long) LONGS.get(own, start + last) == (long) LONGS.get(bytes, from + last);
  }

  private int insert(int slot, int hash, byte[] bytes, int from, int to) {
    int entry = entries++;
    if (entry == ends.length) {
      ends = Arrays.copyOf(ends, 2 * entry);
      hashes = Arrays.copyOf(hashes, 2 * entry);
    }
    data.putBytes(bytes, from, to - from);
    ends[entry] = data.size;
    hashes[entry] = hash;
    slots[slot] = entry + 1;
    if (2 * entries > slots.length) {
      rehash();
    }
    return entry;
  }

  private void rehash() {
    slots = new int[2 * slots.length];
    int mask = slots.length - 1;
    for (int entry = 0; entry < entries; entry++) {
      int slot = hashes[entry] & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = entry + 1;
    }
  }

  /** Four lanes at a time, so that multiplications of long values overlap. */
  static int hash(byte[] bytes, int from, int to) {
    long h = (to - from) * MIX_1;
    int i = from;
    if (to - i >= 32) {
      long a = h;
      long b = MIX_2;
      long c = ~h;
      long d = ~MIX_2;
      do {
        a = mix(a ^ (long) LONGS.get(bytes, i));
        b = mix(b ^ (long) LONGS.get(bytes, i + 8));
        c = mix(c ^ (long) LONGS.get(bytes, i + 16));
        d = mix(d ^ (long) LONGS.get(bytes, i + 24));
        i += 32;
      } while (to - i >= 32);
      h = mix(a ^ Long.rotateLeft(b, 17)) ^ mix(c ^ Long.rotateLeft(d, 31));
    }
    for (; to - i >= 8; i += 8) {
      h = mix(h ^ (long) LONGS.get(bytes, i));
    }
    h = mix(mix(h ^ tail(bytes, from, i, to)));
    return (int) (h ^ h >>> 32);
  }

  /** The last bytes, fewer than eight; where there are eight before them, together with those. */
  private static long tail(byte[] bytes, int from, int i, int to) {
    if (i == to) {
      return 0;
    }
    if (to - from >= 8) {
      return (long) LONGS.get(bytes, to - 8);
    }
    if (to - from >= 4) {
      return (long) (int) INTS.get(bytes, from) << 32 | (int) INTS.get(bytes, to - 4) & 0xffffffffL;
    }
    return bytes[from] << 16 | (bytes[from + (to - from >> 1)] & 0xff) << 8 | bytes[to - 1] & 0xff;
  }

  private static long mix(long value) {
    long product = value * MIX_2;
    return product ^ product >>> 29;
  }

  /** Encodes the entries plainly as values of one length: bytes alone. */
  void writeFixed(ByteSink sink) {
    sink.putBytes(data.bytes, 0, data.size);
  }

  /** Encodes the entries plainly: length, bytes. */
  void writePlain(ByteSink sink) {
    for (int entry = 0; entry < entries; entry++) {
      int start = start(entry);
      int length = ends[entry] - start;
      sink.putInt(length);
      sink.putBytes(data.bytes, start, length);
    }
  }
}
