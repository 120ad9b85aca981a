package io.millrace.lake.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MillisHistogramTest {
  @Test
  void nothingHasNoQuantile() {
    assertThat(new MillisHistogram().quantile(0.5)).isEqualTo(-1);
  }

  @Test
  void smallValuesAreExact() {
    MillisHistogram histogram = new MillisHistogram();
    for (int i = 1; i <= 100; i++) {
      histogram.add(i);
    }

    assertThat(histogram.quantile(0.5)).isEqualTo(50);
    assertThat(histogram.quantile(0.95)).isEqualTo(95);
    assertThat(histogram.quantile(1)).isEqualTo(100);
    assertThat(histogram.max()).isEqualTo(100);
  }

  @Test
  void largeOnesAreWithinAThousandth() {
    Random random = new Random(7);
    long[] values = new long[10_000];
    MillisHistogram first = new MillisHistogram();
    MillisHistogram second = new MillisHistogram();
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextLong() >>> (1 + random.nextInt(60));
      (i % 2 == 0 ? first : second).add(values[i]);
    }
    first.addAll(second);
    Arrays.sort(values);

    for (double share : new double[] {0.01, 0.5, 0.95, 0.99, 0.999}) {
      long exact = values[(int) Math.ceil(share * values.length) - 1];
      assertThat(first.quantile(share)).isCloseTo(exact, within(exact / 1000));
    }
    assertThat(first.total()).isEqualTo(values.length);
    assertThat(first.quantile(1)).isEqualTo(values[values.length - 1]);
  }

  @Test
  void clocksThatDifferMakeNoNegativeTimes() {
    MillisHistogram histogram = new MillisHistogram();
    histogram.add(-5);

    assertThat(histogram.quantile(0.5)).isZero();
  }
}
