package io.millrace.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S, 500ms",
    "1s, PT1S, 1s",
    "1 s, PT1S, 1s",
    "90s, PT90S, 90s",
    "120s, PT2M, 2m",
    "1h, PT1H, 1h",
    "48h, PT48H, 2d",
    "PT1.5S, PT1.5S, 1500ms",
    "0, PT0S, 0ms"
  })
  void readsDurationsAndWritesThemShort(String text, Duration duration, String shortest) {
    assertThat(Units.duration(text)).isEqualTo(duration);
    assertThat(Units.format(duration)).isEqualTo(shortest);
    assertThat(Units.duration(shortest)).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource({
    "1048576, 1048576, 1MiB",
    "128MiB, 134217728, 128MiB",
    "128 mib, 134217728, 128MiB",
    "1GB, 1000000000, 1000000000",
    "1_500, 1500, 1500",
    "3KiB, 3072, 3KiB",
    "7B, 7, 7"
  })
  void readsSizesAndWritesThemShort(String text, long bytes, String shortest) {
    assertThat(Units.bytes(text)).isEqualTo(bytes);
    assertThat(Units.formatBytes(bytes)).isEqualTo(shortest);
    assertThat(Units.bytes(shortest)).isEqualTo(bytes);
  }

  @Test
  void readsCountsWithUnderscores() {
    assertThat(Units.count("5_000_000")).isEqualTo(5_000_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "-1s", "PT-1S", "1w", "s", "99999999999999999999d", "1.5s"})
  void refusesWhatIsNoDuration(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Units.duration(text))
        .withMessageStartingWith("a duration such as");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5GiB", "1XiB", "99999999999TiB", "MiB"})
  void refusesWhatIsNoSize(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Units.bytes(text))
        .withMessageStartingWith("a size such as");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1e6", "5m", "99999999999999999999"})
  void refusesWhatIsNoCount(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Units.count(text))
        .withMessageStartingWith("a whole number such as");
  }
}
