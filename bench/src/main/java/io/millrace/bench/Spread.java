package io.millrace.bench;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** One figure over several runs; of an even number of runs the median is the middle two's mean. */
record Spread(double median, double min, double max) {
  static Spread of(DoubleStream values) {
    double[] sorted = values.toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }
}
