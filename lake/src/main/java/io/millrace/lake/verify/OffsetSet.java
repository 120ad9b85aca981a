package io.millrace.lake.verify;

import java.util.List;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Offsets of one partition, one bit each, in pages that exist only where an offset does: a hundred
 * million offsets in a row cost 12.5 MB, and a stray one far away costs one page. Not thread-safe.
 */
final class OffsetSet {
  /** 2^15 offsets, 4 KiB a page: small enough for a thousand short partitions. */
  private static final int PAGE_BITS = 15;

  private static final int PAGE_OFFSETS = 1 << PAGE_BITS;
  private static final int PAGE_WORDS = PAGE_OFFSETS / Long.SIZE;
  private static final long[] NO_PAGE = new long[PAGE_WORDS];

  private final TreeMap<Long, long[]> pages = new TreeMap<>();
  private long[] lastPage;
  private long lastIndex = -1;
  private long size;

  /** Adds a non-negative offset; whether it was new. */
  boolean add(long offset) {
    long index = offset >>> PAGE_BITS;
    if (index != lastIndex) {
      lastPage = pages.computeIfAbsent(index, i -> new long[PAGE_WORDS]);
      lastIndex = index;
    }
    int word = (int) (offset & (PAGE_OFFSETS - 1)) >>> 6;
    long bit = 1L << offset;
    if ((lastPage[word] & bit) != 0) {
      return false;
    }
    lastPage[word] |= bit;
    size++;
    return true;
  }

  /**
   * Adds the offsets in {@code [from, to)} where none of them is in the set, 64 at a time; else
   * adds none.
   *
   * @param from not negative
   * @return whether they were added
   */
  boolean addRun(long from, long to) {
    if (forEachWord(from, to, null, null) > 0) {
      return false;
    }
    for (long start = from & -Long.SIZE; start < to; start += Long.SIZE) {
      long index = start >>> PAGE_BITS;
      if (index != lastIndex) {
        lastPage = pages.computeIfAbsent(index, i -> new long[PAGE_WORDS]);
        lastIndex = index;
      }
      lastPage[(int) (start & (PAGE_OFFSETS - 1)) >>> 6] |= inside(start, from, to);
    }
    size += to - from;
    return true;
  }

  /** Changes nothing, so that several threads may ask once nobody adds any more. */
  boolean contains(long offset) {
    long[] page = pages.get(offset >>> PAGE_BITS);
    return page != null && (page[(int) (offset & (PAGE_OFFSETS - 1)) >>> 6] & 1L << offset) != 0;
  }

  long size() {
    return size;
  }

  /** How many of the offsets are in {@code [from, to)}. */
  long count(long from, long to) {
    return from >= to ? 0 : forEachWord(from, to, null, null);
  }

  /**
   * How many offsets in {@code [from, to)} are in this set and not in the other; the first few go
   * to {@code ranges}.
   */
  long minus(OffsetSet other, long from, long to, RangeList ranges) {
    return from >= to ? 0 : forEachWord(from, to, other, ranges);
  }

  /** As {@link #minus}, but those that are in both sets. */
  long and(OffsetSet other, long from, long to, RangeList ranges) {
    OffsetSet both = new OffsetSet();
    pages.forEach(
        (index, page) -> {
          long[] others = other.pages.getOrDefault(index, NO_PAGE);
          long[] common = new long[PAGE_WORDS];
          for (int w = 0; w < PAGE_WORDS; w++) {
            common[w] = page[w] & others[w];
          }
          both.pages.put(index, common);
        });
    return both.minus(new OffsetSet(), from, to, ranges);
  }

  /** Both sets' offsets; a new set. */
  OffsetSet or(OffsetSet other) {
    OffsetSet either = new OffsetSet();
    for (OffsetSet set : List.of(this, other)) {
      set.pages.forEach(
          (index, page) -> {
            long[] joined = either.pages.computeIfAbsent(index, i -> new long[PAGE_WORDS]);
            for (int w = 0; w < PAGE_WORDS; w++) {
              either.size += Long.bitCount(page[w] & ~joined[w]);
              joined[w] |= page[w];
            }
          });
    }
    return either;
  }

  /** This set's offsets that the other one lacks; a new set. */
  OffsetSet without(OffsetSet other) {
    OffsetSet rest = new OffsetSet();
    pages.forEach(
        (index, page) -> {
          long[] minus = other.pages.getOrDefault(index, NO_PAGE);
          long[] left = new long[PAGE_WORDS];
          for (int w = 0; w < PAGE_WORDS; w++) {
            left[w] = page[w] & ~minus[w];
            rest.size += Long.bitCount(left[w]);
          }
          rest.pages.put(index, left);
        });
    return rest;
  }

  /** Calls back for each offset in {@code [from, to)}, ascending. */
  void forEach(long from, long to, LongConsumer action) {
    if (from >= to) {
      return;
    }
    var inRange = pages.subMap(from >>> PAGE_BITS, true, (to - 1) >>> PAGE_BITS, true);
    for (var entry : inRange.entrySet()) {
      for (int w = 0; w < PAGE_WORDS; w++) {
        long start = (entry.getKey() << PAGE_BITS) + (long) w * Long.SIZE;
        long bits = entry.getValue()[w];
        for (bits = bits == 0 ? 0 : bits & inside(start, from, to); bits != 0; bits &= bits - 1) {
          action.accept(start + Long.numberOfTrailingZeros(bits));
        }
      }
    }
  }

  /** Which of the 64 offsets among which this one is are in the set, as bits. */
  long word(long offset) {
    long[] page = pages.get(offset >>> PAGE_BITS);
    return page == null ? 0 : page[(int) (offset & (PAGE_OFFSETS - 1)) >>> 6];
  }

  private long forEachWord(long from, long to, OffsetSet except, RangeList ranges) {
    long count = 0;
    var inRange = pages.subMap(from >>> PAGE_BITS, true, (to - 1) >>> PAGE_BITS, true);
    for (var entry : inRange.entrySet()) {
      long base = entry.getKey() << PAGE_BITS;
      long[] page = entry.getValue();
      long[] minus = except == null ? NO_PAGE : except.pages.getOrDefault(entry.getKey(), NO_PAGE);
      for (int w = 0; w < PAGE_WORDS; w++) {
        long bits = page[w] & ~minus[w];
        if (bits != 0) {
          bits &= inside(base + (long) w * Long.SIZE, from, to);
          count += Long.bitCount(bits);
          if (ranges != null) {
            addBits(base + (long) w * Long.SIZE, bits, ranges);
          }
        }
      }
    }
    return count;
  }

  /** The bits of the word starting at offset {@code start} that lie in {@code [from, to)}. */
  private static long inside(long start, long from, long to) {
    long mask = -1L;
    if (from > start) {
      mask = from - start >= Long.SIZE ? 0 : mask << (from - start);
    }
    if (to < start + Long.SIZE) {
      mask &= to <= start ? 0 : -1L >>> (start + Long.SIZE - to);
    }
    return mask;
  }

  private static void addBits(long start, long bits, RangeList ranges) {
    for (long rest = bits; rest != 0 && !ranges.full(); rest &= rest - 1) {
      ranges.add(start + Long.numberOfTrailingZeros(rest));
    }
  }
}
