package io.millrace.ingest.driver;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.driver.TopicState.Bounds;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LeaderEpochsTest {
  private static final Ledger LEDGER =
      Ledger.initial("s", "t", "topic-id", "cluster", "owner")
          .advance(List.of(new Taken(0, 10, 15, 5, 0, 0, 0)), "attempt")
          .seen(Map.of(0, 5), 0);

  @Test
  void theEpochsOfATopicMadeAnewAreNotTakenForACutLog() {
    refuses("other", 3, "deleted and created again");
    refuses("other", 7, "deleted and created again");
  }

  @Test
  void epochsThatFellAreMetadataThatWentBack() {
    refuses("topic-id", 4, "partition 0 has leader epoch 4, but the table was filled under 5");
  }

  private static void refuses(String topicId, int leader, String reason) {
    TopicState now =
        new TopicState(topicId, new TreeMap<>(Map.of(0, new Bounds(10, 20, 20, leader))));
    assertThatThrownBy(() -> new LeaderEpochs("t", Map.of()).check(LEDGER, now))
        .hasMessageContaining(reason);
  }
}
