package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsumerPropertiesTest {
  @Test
  void theUsersPropertiesGoOverTheDefaultsButNotOverWhatKeepsPositionsRight() {
    Map<String, Object> properties =
        ConsumerProperties.of(
            Map.of("max.poll.records", 7, "fetch.max.bytes", 8),
            Map.of(
                "fetch.max.bytes", "9",
                "fetch.max.wait.ms", "77",
                "isolation.level", "read_uncommitted",
                "auto.offset.reset", "latest",
                "enable.auto.commit", "true",
                "group.id", "g"));

    assertThat(properties)
        .containsEntry("max.poll.records", 7)
        .containsEntry("fetch.max.bytes", "9")
        .containsEntry("fetch.max.wait.ms", "77")
        .containsEntry("isolation.level", "read_uncommitted")
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("enable.auto.commit", false)
        .doesNotContainKey("group.id");
  }
}
