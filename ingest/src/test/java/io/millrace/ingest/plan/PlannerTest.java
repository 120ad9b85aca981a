package io.millrace.ingest.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final Limits TWO_TASKS = new Limits(5_000_000, 1L << 30, 2);

  @Test
  void takesAllWhereTheLimitsAllow() {
    BatchPlan plan =
        Planner.plan(
            List.of(new Backlog(0, 5, 105), new Backlog(1, 0, 0)), TWO_TASKS, 0, Set.of(), 1);

    assertThat(plan.tasks()).containsExactly(List.of(new Range(0, 5, 105, false)));
    assertThat(plan.targets()).isEqualTo(Map.of(0, 105L, 1, 0L));
  }

  @Test
  void plansNothingWhereNothingWaits() {
    assertThat(Planner.plan(List.of(new Backlog(0, 7, 7)), TWO_TASKS, 185, Set.of(), 1).tasks())
        .isEmpty();
  }

  @Test
  void sharesTheRecordLimitInProportion() {
    BatchPlan plan =
        Planner.plan(
            List.of(new Backlog(0, 0, 3000), new Backlog(1, 0, 1000)),
            new Limits(400, 1L << 30, 1),
            0,
            Set.of(),
            1);

    assertThat(plan.targets()).isEqualTo(Map.of(0, 300L, 1, 100L));
  }

  @Test
  void neverPlansMoreThanTheLimitAndAlwaysSomething() {
    List<Backlog> backlog =
        IntStream.range(0, 1000).mapToObj(p -> new Backlog(p, 10, 17 + p % 3)).toList();
    for (long limit : new long[] {1, 2, 999, 1000, 1001, 6999}) {
      BatchPlan plan = Planner.plan(backlog, new Limits(limit, 1L << 30, 2), 0, Set.of(), 1);

      assertThat(plan.offsets()).isEqualTo(limit);
    }
  }

  @Test
  void startsWithAnotherPartitionEachTimeSoThatNoneStarves() {
    List<Backlog> backlog = IntStream.range(0, 5).mapToObj(p -> new Backlog(p, 0, 10)).toList();

    List<Integer> served =
        LongStream.range(0, 5)
            .mapToObj(n -> Planner.plan(backlog, new Limits(1, 1L << 30, 2), 0, Set.of(), n))
            .map(plan -> plan.tasks().get(0).get(0).partition())
            .toList();

    assertThat(served).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
  }

  @Test
  void limitsRecordsByBytesOnceTheirSizeIsKnown() {
    BatchPlan plan =
        Planner.plan(
            List.of(new Backlog(0, 0, 1_000_000)), new Limits(5_000_000, 1000, 2), 10, Set.of(), 1);

    assertThat(plan.offsets()).isEqualTo(100);
  }

  @Test
  void aSmallBatchIsOneTask() {
    BatchPlan plan =
        Planner.plan(
            List.of(new Backlog(0, 0, 10_000), new Backlog(1, 0, 10_000)),
            TWO_TASKS,
            185,
            Set.of(),
            1);

    assertThat(plan.tasks()).hasSize(1);
  }

  @Test
  void packsUnevenPartitionsEvenly() {
    List<Backlog> backlog =
        IntStream.range(0, 100).mapToObj(p -> new Backlog(p, 0, 1000L * (1 + p % 17))).toList();

    BatchPlan plan = Planner.plan(backlog, TWO_TASKS, 185, Set.of(), 1);

    List<Long> loads =
        plan.tasks().stream().map(t -> t.stream().mapToLong(Range::offsets).sum()).toList();
    assertThat(loads).hasSize(2);
    assertThat(Math.abs(loads.get(0) - loads.get(1))).isLessThanOrEqualTo(17_000);
  }

  @Test
  void splitsAPartitionThatWouldKeepOneTaskBusyAlone() {
    BatchPlan plan =
        Planner.plan(
            List.of(new Backlog(3, 100, 100_101)),
            new Limits(1 << 20, 1 << 30, 4),
            50,
            Set.of(),
            1);

    List<Range> pieces = new ArrayList<>();
    plan.tasks().forEach(pieces::addAll);
    assertThat(plan.tasks()).hasSize(4);
    assertThat(covered(pieces)).isEqualTo(Map.of(3, 100_001L));
    assertThat(pieces)
        .filteredOn(r -> !r.mustFinish())
        .extracting(Range::to)
        .containsOnly(100_101L);
  }

  @Test
  void doesNotSplitBeforeTheSizeOfRecordsIsKnown() {
    BatchPlan plan = Planner.plan(List.of(new Backlog(3, 0, 100_000)), TWO_TASKS, 0, Set.of(), 1);

    assertThat(plan.tasks()).containsExactly(List.of(new Range(3, 0, 100_000, false)));
  }

  @Test
  void everyOffsetGoesToExactlyOneTask() {
    List<Backlog> backlog =
        List.of(new Backlog(0, 0, 900_000), new Backlog(1, 50, 80_000), new Backlog(2, 7, 9));
    BatchPlan plan = Planner.plan(backlog, new Limits(5_000_000, 1L << 40, 3), 185, Set.of(), 4);

    List<Range> pieces = new ArrayList<>();
    plan.tasks().forEach(pieces::addAll);
    assertThat(covered(pieces)).isEqualTo(Map.of(0, 900_000L, 1, 79_950L, 2, 2L));
  }

  /** Offsets by partition; fails where pieces of one overlap or leave holes. */
  private static Map<Integer, Long> covered(List<Range> pieces) {
    Map<Integer, TreeMap<Long, Long>> byStart = new TreeMap<>();
    pieces.forEach(
        r -> byStart.computeIfAbsent(r.partition(), p -> new TreeMap<>()).put(r.from(), r.to()));
    Map<Integer, Long> covered = new TreeMap<>();
    byStart.forEach(
        (partition, ranges) -> {
          long end = ranges.firstKey();
          for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            assertThat(range.getKey()).isEqualTo(end);
            end = range.getValue();
          }
          covered.put(partition, end - ranges.firstKey());
        });
    return covered;
  }
}
