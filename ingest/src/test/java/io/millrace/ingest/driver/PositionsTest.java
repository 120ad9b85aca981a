package io.millrace.ingest.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.driver.TopicState.Bounds;
import io.millrace.ingest.plan.Backlog;
import io.millrace.lake.ledger.Ledger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PositionsTest {
  private static final String ID = "topic-id";
  private static final Ledger LEDGER =
      Ledger.initial("s", "t", ID, "cluster", "owner")
          .advance(List.of(new Ledger.Taken(0, 10, 15, 5, 0, 0, 0)), "attempt");

  @Test
  void goesOnWhereTheLedgerStands() {
    assertThat(Positions.backlog(LEDGER, topic(ID, Map.of(0, new Bounds(3, 40)))))
        .containsExactly(new Backlog(0, 15, 40));
  }

  @Test
  void aPartitionAddedLaterBeginsAtZero() {
    assertThat(
            Positions.backlog(LEDGER, topic(ID, Map.of(0, new Bounds(3, 15), 1, new Bounds(0, 9)))))
        .contains(new Backlog(1, 0, 9));
  }

  @Test
  void stopsWhereRetentionWasFaster() {
    refuses(topic(ID, Map.of(0, new Bounds(18, 40))), "offsets 15 to 17 of partition 0");
  }

  @Test
  void stopsWhereAnAddedPartitionHasAlreadyLostItsStart() {
    refuses(
        topic(ID, Map.of(0, new Bounds(3, 15), 1, new Bounds(2, 9))),
        "offsets 0 to 1 of partition 1");
  }

  @Test
  void stopsWhereTheLogIsShorterThanTheTable() {
    refuses(topic(ID, Map.of(0, new Bounds(0, 14))), "partition 0 ends at offset 14");
  }

  @Test
  void stopsWhereThereAreFewerPartitions() {
    Positions.requireAllPartitions(LEDGER, topic(ID, Map.of(0, new Bounds(3, 40))));
    assertThatThrownBy(
            () -> Positions.requireAllPartitions(LEDGER, topic(ID, Map.of(1, new Bounds(0, 9)))))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
        .hasMessageContaining("has no partitions 0, from which");
  }

  @Test
  void stopsWhereTheTopicIsAnotherOne() {
    refuses(topic("other", Map.of(0, new Bounds(3, 40))), "deleted and created again");
  }

  @Test
  void boundsWhatIsThereByWhatWasThereAtTheStart() {
    TopicState now = topic(ID, Map.of(0, new Bounds(5, 100), 1, new Bounds(0, 8)));

    assertThat(now.atMost(Map.of(0, new Bounds(0, 40))).partitions())
        .isEqualTo(Map.of(0, new Bounds(5, 40)));
  }

  private static void refuses(TopicState topic, String reason) {
    assertThatThrownBy(() -> Positions.backlog(LEDGER, topic))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
        .hasMessageContaining(reason);
  }

  private static TopicState topic(String id, Map<Integer, Bounds> partitions) {
    return new TopicState(id, new TreeMap<>(partitions));
  }
}
