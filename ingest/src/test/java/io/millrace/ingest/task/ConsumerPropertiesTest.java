package io.millrace.ingest.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsumerPropertiesTest {
  @Test
  void theUsersPropertiesGoOverTheDefaultsButNotOverWhatKeepsPositionsRight() {
    Map<String, Object> properties =
        ConsumerProperties.of(
            Map.of(
                "fetch.max.wait.ms", "77",
                "isolation.level", "read_uncommitted",
                "auto.offset.reset", "latest",
                "enable.auto.commit", "true",
                "group.id", "g"),
            0);

    assertThat(properties)
        .containsEntry("fetch.max.wait.ms", "77")
        .containsEntry("isolation.level", "read_uncommitted")
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("enable.auto.commit", false)
        .doesNotContainKey("group.id");
  }

  @ParameterizedTest
  @CsvSource({"0, 2000", "185, 2000", "10000, 128", "3000000, 1"})
  void aPollBringsFewerOfLargeRecords(double bytesPerRecord, int records) {
    assertThat(ConsumerProperties.maxPollRecords(bytesPerRecord)).isEqualTo(records);
  }
}
