package io.millrace.lake.verify;

import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Order-independent hashes of one partition's column values: the sum, modulo 2^64, for each block
 * of offsets, so that little has to be read again to name a difference. Not thread-safe.
 */
final class ValueSums {
  /** 4,096 offsets a block: eight bytes for as many rows, and few enough to look through. */
  static final int BLOCK_BITS = 12;

  private static final int MOST_FIELDS = 5;

  /** Offsets whose record could not be decoded. */
  final OffsetSet undecodable = new OffsetSet();

  /** Offsets whose record the table's columns can't hold. */
  final OffsetSet unstorable = new OffsetSet();

  /** Fields that such records' values were of. */
  private final Set<String> unstorableFields = new TreeSet<>();

  private final TreeMap<Long, long[]> blocks = new TreeMap<>();
  private long lastIndex = -1;
  private long[] lastBlock;
  private long rows;

  /** Adds one row by {@code count} column hashes from {@code at} on. */
  void add(long offset, long[] hashes, int at, int count) {
    long sum = 0;
    for (int c = 0; c < count; c++) {
      sum += hashes[at + c];
    }
    long index = offset >>> BLOCK_BITS;
    if (index != lastIndex) {
      lastBlock = blocks.computeIfAbsent(index, i -> new long[1]);
      lastIndex = index;
    }
    lastBlock[0] += sum;
    rows++;
  }

  void addUnstorable(long offset, String field) {
    unstorable.add(offset);
    if (unstorableFields.size() < MOST_FIELDS) {
      unstorableFields.add(field.isEmpty() ? "the whole record" : field);
    }
  }

  /** Of those that can't be held, the first few fields. */
  Set<String> unstorableFields() {
    return unstorableFields;
  }

  long rows() {
    return rows;
  }

  /** The sum of the block that starts at offset {@code index << BLOCK_BITS}. */
  long block(long index) {
    long[] block = blocks.get(index);
    return block == null ? 0 : block[0];
  }

  /** Blocks that have rows, ascending. */
  Set<Long> blockIndexes() {
    return blocks.keySet();
  }
}
