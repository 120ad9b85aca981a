package io.millrace.lake.verify;

/**
 * Counts of milliseconds, exact below {@value #EXACT} and then within a thousandth: each power of
 * two is cut into {@value #STEPS} steps. Not thread-safe.
 */
final class MillisHistogram {
  private static final int STEP_BITS = 10;
  private static final int STEPS = 1 << STEP_BITS;
  private static final int EXACT = 2 * STEPS;

  private final long[] counts = new long[(Long.SIZE - STEP_BITS) * STEPS + STEPS];
  private long total;
  private long max;

  /** Adds one value; a negative one, which only clocks that differ can make, counts as 0. */
  void add(long millis) {
    long value = Math.max(0, millis);
    counts[index(value)]++;
    total++;
    max = Math.max(max, value);
  }

  void addAll(MillisHistogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
    max = Math.max(max, other.max);
  }

  long total() {
    return total;
  }

  long max() {
    return max;
  }

  /**
   * The least value that at least this share of all values does not exceed, 0 to 1; -1 where there
   * are none.
   */
  long quantile(double share) {
    if (total == 0) {
      return -1;
    }
    long wanted = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return Math.min(highest(i), max);
      }
    }
    return max;
  }

  /** Values below {@link #EXACT} are their own index; above, the top bits after the first count. */
  private static int index(long value) {
    if (value < EXACT) {
      return (int) value;
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - STEP_BITS;
    return shift * STEPS + (int) (value >>> shift);
  }

  private static long highest(int index) {
    if (index < EXACT) {
      return index;
    }
    int shift = index / STEPS - 1;
    long top = index - (long) shift * STEPS;
    return ((top + 1) << shift) - 1;
  }
}
