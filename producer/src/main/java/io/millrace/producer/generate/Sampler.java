package io.millrace.producer.generate;

import java.util.Arrays;

/** Draws a number from 0 to n - 1 by some distribution; holds no state, so threads share it. */
abstract class Sampler {
  /** Above this many, a skewed distribution is computed and not looked up: 12 bytes an entry. */
  private static final int MOST_IN_TABLE = 1 << 20;

  abstract long draw(Draft draft);

  static Sampler uniform(long n) {
    return new Sampler() {
      @Override
      long draw(Draft draft) {
        return draft.below(n);
      }
    };
  }

  /** Zipf: number k is drawn in proportion to 1 / (k + 1)^skew. */
  static Sampler skewed(long n, double skew) {
    if (skew == 0) {
      return uniform(n);
    }
    if (n > MOST_IN_TABLE) {
      return power(n, skew);
    }
    double[] weights = new double[(int) n];
    Arrays.setAll(weights, k -> Math.pow(k + 1.0, -skew));
    return weighted(weights);
  }

  /** Vose's alias method (IEEE TSE 17(9), 1991): one random number a draw, whatever n is. */
  static Sampler weighted(double[] weights) {
    int n = weights.length;
    double sum = Arrays.stream(weights).sum();
    double[] scaled = Arrays.stream(weights).map(w -> w * n / sum).toArray();
    int[] small = new int[n];
    int[] large = new int[n];
    int smalls = 0;
    int larges = 0;
    for (int i = 0; i < n; i++) {
      if (scaled[i] < 1) {
        small[smalls++] = i;
      } else {
        large[larges++] = i;
      }
    }
    int[] threshold = new int[n];
    int[] alias = new int[n];
    Arrays.fill(threshold, Integer.MAX_VALUE);
    Arrays.setAll(alias, i -> i);
    while (smalls > 0 && larges > 0) {
      int less = small[--smalls];
      int more = large[larges - 1];
      threshold[less] = (int) (scaled[less] * Integer.MAX_VALUE);
      alias[less] = more;
      scaled[more] -= 1 - scaled[less];
      if (scaled[more] < 1) {
        larges--;
        small[smalls++] = more;
      }
    }
    return new Sampler() {
      @Override
      long draw(Draft draft) {
        long random = draft.next();
        int slot = (int) (((random >>> 32) * n) >>> 32);
        return ((int) random & Integer.MAX_VALUE) < threshold[slot] ? slot : alias[slot];
      }
    };
  }

  /** The continuous counterpart of Zipf, cut down to whole numbers. */
  private static Sampler power(long n, double skew) {
    double top = n + 1.0;
    boolean harmonic = Math.abs(skew - 1) < 1e-9;
    double exponent = 1 - skew;
    double span = harmonic ? Math.log(top) : Math.pow(top, exponent) - 1;
    return new Sampler() {
      @Override
      long draw(Draft draft) {
        double u = draft.unit();
        double x = harmonic ? Math.exp(u * span) : Math.pow(1 + u * span, 1 / exponent);
        return Math.min(n - 1, (long) x - 1);
      }
    };
  }
}
