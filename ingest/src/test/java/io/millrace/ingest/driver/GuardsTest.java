package io.millrace.ingest.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.driver.TopicState.Bounds;
import io.millrace.lake.ledger.Accepted;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GuardsTest {
  private static final String ID = "topic-id";
  private static final Ledger LEDGER =
      Ledger.initial("s", "t", ID, "cluster", "owner")
          .advance(List.of(new Taken(0, 10, 15, 5, 0, 0, 0)), "attempt");

  @Test
  void stopsWhereRetentionWasFaster() {
    refuses(
        topic(ID, Map.of(0, new Bounds(18, 40))),
        "3 offsets are gone from Kafka before they were ingested: partition 0 offsets 15-17 (3)");
  }

  @Test
  void stopsWhereAnAddedPartitionHasAlreadyLostItsStart() {
    refuses(
        topic(ID, Map.of(0, new Bounds(3, 15), 1, new Bounds(2, 9))),
        "partition 1 offsets 0-1 (2)");
  }

  @Test
  void stopsWhereTheLogIsShorterThanTheTable() {
    refuses(topic(ID, Map.of(0, new Bounds(0, 14))), "partition 0 ends at offset 14");
  }

  @Test
  void stopsWhereThereAreFewerPartitions() {
    Guards.requireAllPartitions(LEDGER, topic(ID, Map.of(0, new Bounds(3, 40))));
    assertThatThrownBy(
            () -> Guards.requireAllPartitions(LEDGER, topic(ID, Map.of(1, new Bounds(0, 9)))))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
        .hasMessageContaining("has no partitions 0, from which");
  }

  @Test
  void stopsWhereTheTopicIsAnotherOne() {
    refuses(topic("other", Map.of(0, new Bounds(3, 40))), "deleted and created again");
  }

  @Test
  void tellsAllThatIsLostAtOnce() {
    Map<Integer, Bounds> partitions = new TreeMap<>();
    IntStream.range(0, 8).forEach(p -> partitions.put(p, new Bounds(20, 30)));
    refuses(
        topic(ID, partitions),
        "145 offsets are gone from Kafka before they were ingested: partition 0 offsets 15-19 (5),"
            + " partition 1 offsets 0-19 (20), partition 2 offsets 0-19 (20), partition 3 offsets"
            + " 0-19 (20), partition 4 offsets 0-19 (20) and 3 partitions more.");
  }

  @Test
  void anAcceptedLossIsTakenUpToTheNumberGiven() {
    TopicState topic = topic(ID, Map.of(0, new Bounds(18, 40), 1, new Bounds(2, 9)));
    Instant now = Instant.parse("2026-11-23T10:00:00Z");

    assertThat(Guards.accept(LEDGER, topic, OptionalLong.empty(), now, "ann")).isEmpty();
    assertThat(Guards.accept(LEDGER, topic, OptionalLong.of(5), now, "ann"))
        .containsExactly(
            new Accepted(0, 15, 18, "2026-11-23T10:00:00Z", "ann"),
            new Accepted(1, 0, 2, "2026-11-23T10:00:00Z", "ann"));
    assertThatThrownBy(() -> Guards.accept(LEDGER, topic, OptionalLong.of(4), now, "ann"))
        .hasMessageContaining("5 offsets are gone")
        .hasMessageContaining("--accept-loss allows 4");
    assertThat(
            Guards.accept(
                LEDGER, topic(ID, Map.of(0, new Bounds(3, 40))), OptionalLong.of(4), now, "ann"))
        .isEmpty();
  }

  @Test
  void aClockBehindTheLastWritersStops() {
    Instant last = Instant.parse("2026-11-23T10:00:00Z");
    Ledger ledger = LEDGER.seen(Map.of(), last.toEpochMilli());

    Guards.requireClock(ledger, last.minusSeconds(300));
    Guards.requireClock(LEDGER, last);
    assertThatThrownBy(() -> Guards.requireClock(ledger, last.minusSeconds(301)))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
        .hasMessageContaining("owner wrote to the table at 2026-11-23T10:00:00Z");
  }

  private static void refuses(TopicState topic, String reason) {
    assertThatThrownBy(() -> Guards.requireReadable(LEDGER, topic))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
        .hasMessageContaining(reason);
  }

  private static TopicState topic(String id, Map<Integer, Bounds> partitions) {
    return new TopicState(id, new TreeMap<>(partitions));
  }
}
