package io.millrace.ingest.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.driver.TopicState.Bounds;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NewGenerationTest {
  private static final String ID = "topic-id";

  /** Took offsets 10 to 14 of partition 0 and 0 to 19 of partition 1, under leader epoch 3. */
  private static final Ledger LEDGER =
      Ledger.initial("s", "t", ID, "cluster", "owner")
          .advance(
              List.of(new Taken(0, 10, 15, 5, 0, 0, 0), new Taken(1, 0, 20, 20, 0, 0, 0)),
              "attempt")
          .seen(Map.of(0, 3, 1, 3), 0);

  private static final Bounds AS_IT_WAS = new Bounds(0, 40, 40, 3);

  private static TopicState topic(Map<Integer, Bounds> partitions) {
    return new TopicState(ID, new TreeMap<>(partitions));
  }

  @Test
  void aTopicThatIsAsItWasNeedsNone() {
    TopicState topic = topic(Map.of(0, AS_IT_WAS, 1, new Bounds(0, 20, 20, 4), 2, AS_IT_WAS));

    assertThat(NewGeneration.isOtherTopic(LEDGER, topic)).isFalse();
    assertThat(NewGeneration.inSameTopic(LEDGER, topic, Map.of())).isEmpty();
  }

  @Test
  void recordsThatRetentionRemovedAreNoReason() {
    TopicState topic = topic(Map.of(0, new Bounds(30, 40, 40, 3), 1, AS_IT_WAS));

    assertThat(NewGeneration.inSameTopic(LEDGER, topic, Map.of())).isEmpty();
  }

  @Test
  void aTopicOfAnotherIdIsAnother() {
    assertThat(
            NewGeneration.isOtherTopic(
                LEDGER, new TopicState("other", new TreeMap<>(Map.of(0, AS_IT_WAS)))))
        .isTrue();
    assertThat(NewGeneration.inOtherTopic(Map.of(0, 7L))).isEqualTo(Map.of(0, 7L));
  }

  @Test
  void aLogThatWasCutGoesOnWhereItParts() {
    TopicState topic = topic(Map.of(0, new Bounds(0, 40, 40, 4), 1, AS_IT_WAS));

    assertThat(NewGeneration.inSameTopic(LEDGER, topic, Map.of(0, OptionalLong.of(12))))
        .contains(new TreeMap<>(Map.of(0, 12L, 1, 20L)));
  }

  @Test
  void whereKafkaDoesNotKnowWhereTheWholeLogIsTaken() {
    TopicState topic = topic(Map.of(0, new Bounds(4, 40, 40, 4), 1, AS_IT_WAS));

    assertThat(NewGeneration.inSameTopic(LEDGER, topic, Map.of(0, OptionalLong.empty())))
        .contains(new TreeMap<>(Map.of(0, 4L, 1, 20L)));
  }

  @Test
  void aLogThatEndsTooEarlyGoesOnAtItsEnd() {
    TopicState topic = topic(Map.of(0, AS_IT_WAS, 1, new Bounds(0, 8, 9, 3)));

    assertThat(NewGeneration.inSameTopic(LEDGER, topic, Map.of()))
        .contains(new TreeMap<>(Map.of(0, 15L, 1, 9L)));
    assertThat(NewGeneration.inSameTopic(LEDGER, topic, Map.of(1, OptionalLong.of(5))))
        .contains(new TreeMap<>(Map.of(0, 15L, 1, 5L)));
  }

  @Test
  void aPartitionThatIsGoneIsLeftOut() {
    assertThat(NewGeneration.inSameTopic(LEDGER, topic(Map.of(1, AS_IT_WAS)), Map.of()))
        .contains(new TreeMap<>(Map.of(1, 20L)));
  }

  @Test
  void metadataThatWentBackBeginsThePartitionAnew() {
    TopicState topic = topic(Map.of(0, new Bounds(2, 40, 40, 1), 1, AS_IT_WAS));

    assertThat(NewGeneration.inSameTopic(LEDGER, topic, Map.of()))
        .contains(new TreeMap<>(Map.of(0, 2L, 1, 20L)));
  }
}
