package io.millrace.lake.verify;

import java.util.TreeMap;

/**
 * Order-independent hashes of what lies at some offsets of one partition: the sum, modulo 2^64, for
 * each 64 offsets, so that a difference is named closely and memory stays that of an {@link
 * OffsetSet}. Not thread-safe.
 */
final class WordSums {
  /** 2^9 sums a page. */
  private static final int PAGE_BITS = 9;

  private static final int WORD_BITS = 6;

  private final TreeMap<Long, long[]> pages = new TreeMap<>();

  void add(long offset, long hash) {
    long word = offset >>> WORD_BITS;
    pages.computeIfAbsent(word >>> PAGE_BITS, i -> new long[1 << PAGE_BITS])[place(word)] += hash;
  }

  /** The sum of the 64 offsets among which this one is. */
  long at(long offset) {
    long word = offset >>> WORD_BITS;
    long[] page = pages.get(word >>> PAGE_BITS);
    return page == null ? 0 : page[place(word)];
  }

  private static int place(long word) {
    return (int) (word & ((1 << PAGE_BITS) - 1));
  }
}
