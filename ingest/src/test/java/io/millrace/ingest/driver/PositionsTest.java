package io.millrace.ingest.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.driver.TopicState.Bounds;
import io.millrace.ingest.plan.Backlog;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PositionsTest {
  private static final String ID = "topic-id";
  private static final Ledger LEDGER =
      Ledger.initial("s", "t", ID, "cluster", "owner")
          .advance(List.of(new Taken(0, 10, 15, 5, 0, 0, 0)), "attempt");

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
  void boundsWhatIsThereByWhatWasThereAtTheStart() {
    TopicState now = topic(ID, Map.of(0, new Bounds(5, 100), 1, new Bounds(0, 8)));

    assertThat(now.atMost(Map.of(0, new Bounds(0, 40))).partitions())
        .isEqualTo(Map.of(0, new Bounds(5, 40, 100, -1)));
  }

  private static TopicState topic(String id, Map<Integer, Bounds> partitions) {
    return new TopicState(id, new TreeMap<>(partitions));
  }
}
