package io.millrace.bench;

import java.util.Arrays;
import java.util.List;

/**
 * What {@code bench hostile --report} writes; docs/bench.md describes it.
 *
 * @param format version of this layout, 1
 * @param seed the same one gives the same payloads
 * @param rows payloads that are rows
 * @param refused payloads that are none
 * @param retried those that were above a bound at first and not when they were decoded again
 * @param mostBytesAllocated for a byte of payload, 4,096 for each payload left out
 */
record HostileBenchReport(
    int format,
    int schemas,
    long payloads,
    long seed,
    long rows,
    long refused,
    long retried,
    Micros cpu,
    Large large,
    double mostBytesAllocated,
    List<Finding> findings) {
  static final int FORMAT = 1;

  /** Characters of a schema that are printed; the report has all. */
  private static final int MOST_SHOWN = 200;

  /** CPU microseconds of one payload. */
  record Micros(double p50, double p999, double longest) {}

  /**
   * CPU nanoseconds for each byte of payloads above 64 KiB.
   *
   * @param worst the one with the most; null where there is none
   */
  record Large(long payloads, double p50, double longest, Finding worst) {}

  /**
   * A payload above a bound.
   *
   * @param path that decoded it
   * @param schema its name, or what it is
   * @param number of the payload in this run, from 0
   */
  record Finding(
      String path, String schema, long number, int bytes, double cpuMicros, long allocated) {
    @Override
    public String toString() {
      return "%s, payload %,d of %,d bytes: %,.0f us, %,d bytes allocated; schema %s"
          .formatted(
              path,
              number,
              bytes,
              cpuMicros,
              allocated,
              schema.length() > MOST_SHOWN ? schema.substring(0, MOST_SHOWN) + "..." : schema);
    }
  }

  /** Of sorted values; 0 where there are none. */
  static double perMille(long[] sorted, int perMille) {
    return sorted.length == 0
        ? 0
        : sorted[(int) (((long) sorted.length * perMille + 999) / 1000) - 1];
  }

  static Micros micros(long[] nanos) {
    Arrays.sort(nanos);
    return new Micros(
        perMille(nanos, 500) / 1e3, perMille(nanos, 999) / 1e3, perMille(nanos, 1000) / 1e3);
  }

  /**
   * @param picosPerByte of each
   */
  static Large large(long[] picosPerByte, Finding worst) {
    Arrays.sort(picosPerByte);
    return new Large(
        picosPerByte.length,
        perMille(picosPerByte, 500) / 1e3,
        perMille(picosPerByte, 1000) / 1e3,
        worst);
  }
}
