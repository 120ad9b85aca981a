package io.millrace.ingest.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.Breaker;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BreakerWindowTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final BreakerWindow window = new BreakerWindow(new Breaker(3, 10, Duration.ofMinutes(1)));

  @Test
  void oneBrokenRecordInAQuietTopicStopsNothing() {
    assertThat(window.add(START, 0, 1)).isEmpty();
  }

  @Test
  void manyAmongFarMoreStopNothing() {
    assertThat(window.add(START, 1000, 100)).isEmpty();
  }

  @Test
  void bothBoundsTogetherStop() {
    assertThat(window.add(START, 10, 2)).isEmpty();
    assertThat(window.add(START.plusSeconds(30), 10, 2).orElseThrow())
        .contains("4 of 24 records of the last 1m");
  }

  @Test
  void whatIsOlderThanTheWindowDoesNotCount() {
    assertThat(window.add(START, 10, 3)).isEmpty();
    assertThat(window.add(START.plusSeconds(61), 10, 3)).isEmpty();
    assertThat(window.add(START.plusSeconds(62), 0, 1)).isPresent();
  }
}
