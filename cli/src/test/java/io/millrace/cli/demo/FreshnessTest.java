package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FreshnessTest {
  @Test
  void weighsByRows() {
    Freshness freshness = new Freshness();
    for (int i = 1; i <= 100; i++) {
      freshness.add(i * 100L);
    }

    assertThat(freshness.quantile(0.50)).isEqualTo(5_000);
    assertThat(freshness.quantile(0.95)).isEqualTo(9_500);
    assertThat(freshness.quantile(0.99)).isEqualTo(9_900);
  }

  @Test
  void countsClockSkewAsFreshAndAgesAsAnHour() {
    Freshness freshness = new Freshness();
    freshness.add(-5);
    freshness.add(Long.MAX_VALUE);

    assertThat(freshness.quantile(0.50)).isZero();
    assertThat(freshness.quantile(0.99)).isEqualTo(3_600_000);
  }

  @Test
  void knowsNothingWithoutRows() {
    assertThat(new Freshness().quantile(0.5)).isEqualTo(-1);
  }
}
