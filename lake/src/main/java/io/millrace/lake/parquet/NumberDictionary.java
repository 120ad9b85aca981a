package io.millrace.lake.parquet;

import java.util.Arrays;

/** Numbers distinct longs from 0 in the order of their first appearance, up to a limit. */
final class NumberDictionary {
  private static final long MIX = 0x9e3779b97f4a7c15L;
  private static final int FIRST_SLOTS = 256;

  private long[] values = new long[FIRST_SLOTS / 2];

  /** Entry number + 1; 0 is free. */
  private int[] slots = new int[FIRST_SLOTS];

  private int entries;

  int entries() {
    return entries;
  }

  long value(int entry) {
    return values[entry];
  }

  long[] values() {
    return values;
  }

  long memory() {
    return (long) Long.BYTES * values.length + (long) Integer.BYTES * slots.length;
  }

  /** The value's number; it is added if it is new. */
  int add(long value) {
    int mask = slots.length - 1;
    int slot = slot(value, mask);
    while (true) {
      int entry = slots[slot] - 1;
      if (entry < 0) {
        return insert(slot, value);
      }
      if (values[entry] == value) {
        return entry;
      }
      slot = (slot + 1) & mask;
    }
  }

  private static int slot(long value, int mask) {
    long product = value * MIX;
    return (int) (product ^ product >>> 32) & mask;
  }

  private int insert(int slot, long value) {
    int entry = entries++;
    if (entry == values.length) {
      values = Arrays.copyOf(values, 2 * entry);
    }
    values[entry] = value;
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
      int slot = slot(values[entry], mask);
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = entry + 1;
    }
  }
}
