package io.millrace.core.avro;

import io.millrace.core.column.BytesVector;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Finds the entries of a map whose key comes again later. Keys are compared as they are stored, so
 * that different malformed texts which were repaired to the same one are the same key. One thread.
 */
final class RepeatedKeys {
  /** Up to here each key is compared with all before; then by a table of hashes. */
  private static final int FEW = 8;

  /** Another one in each process, so that nobody can write keys that all meet in one place. */
  private static final int HASH_FACTOR = new SecureRandom().nextInt() << 3 | 5;

  private boolean[] repeated = new boolean[16];
  private int[] table = new int[64];

  /**
   * Whether there are any.
   *
   * @param first row of the first entry's key; the last entry's is the vector's last
   */
  boolean find(BytesVector keys, int first) {
    int entries = keys.size() - first;
    if (entries < 2) {
      return false;
    }
    if (repeated.length < entries) {
      repeated = new boolean[Math.max(entries, 2 * repeated.length)];
    } else {
      Arrays.fill(repeated, 0, entries, false);
    }
    return entries <= FEW ? compareAll(keys, first, entries) : compareHashes(keys, first, entries);
  }

  /** Whether the entry's key came again, by what {@link #find} has found. */
  boolean isRepeated(int entry) {
    return repeated[entry];
  }

  private boolean compareAll(BytesVector keys, int first, int entries) {
    boolean found = false;
    for (int later = 1; later < entries; later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        if (same(keys, first + earlier, first + later)) {
          repeated[earlier] = true;
          found = true;
        }
      }
    }
    return found;
  }

  private boolean compareHashes(BytesVector keys, int first, int entries) {
    int size = Integer.highestOneBit(entries) << 2;
    if (table.length < size) {
      table = new int[size];
    } else {
      Arrays.fill(table, 0, size, 0);
    }
    boolean found = false;
    for (int entry = 0; entry < entries; entry++) {
      int row = first + entry;
      int slot = hash(keys.data(), keys.start(row), keys.ends()[row]) & (size - 1);
      while (table[slot] != 0 && !same(keys, first + table[slot] - 1, row)) {
        slot = (slot + 1) & (size - 1);
      }
      if (table[slot] != 0) {
        repeated[table[slot] - 1] = true;
        found = true;
      }
      table[slot] = entry + 1;
    }
    return found;
  }

  private static boolean same(BytesVector keys, int a, int b) {
    byte[] data = keys.data();
    int[] ends = keys.ends();
    return Arrays.equals(data, keys.start(a), ends[a], data, keys.start(b), ends[b]);
  }

  private static int hash(byte[] bytes, int start, int end) {
    int hash = end - start;
    for (int i = start; i < end; i++) {
      hash = HASH_FACTOR * hash + bytes[i];
    }
    return hash ^ hash >>> 15;
  }
}
