package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
  private static List<Long> recordsOf(Plan plan) {
    List<Long> records = new ArrayList<>();
    for (long turn = 0; plan.first(turn) < plan.end(); turn++) {
      long first = plan.first(turn);
      LongStream.range(first, plan.after(first)).forEach(records::add);
    }
    return records;
  }

  @ParameterizedTest
  @CsvSource({
    "0,0,100,3",
    "1,0,100,3",
    "10,0,1,4",
    "1000,0,100,10",
    "99999,0,7,7",
    "100000,0,3,10",
    "4096,0,1,2",
    "50000,100000,10,3"
  })
  void shardsHaveEachRecordOnce(long records, long rate, int partitions, int count) {
    List<Long> all = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      Plan plan = Plan.ofGenerated(records, rate, partitions, new Shard(number, count));
      List<Long> mine = recordsOf(plan);

      assertThat(plan.total()).isEqualTo(mine.size());
      assertThat(mine).allMatch(plan::isMine);
      all.addAll(mine);
    }
    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, records).boxed().toList());
  }

  @Test
  void shardsAgreeOnThePartitionOfARecord() {
    Plan whole = Plan.ofGenerated(100_000, 0, 10, Shard.WHOLE);
    Plan shard = Plan.ofGenerated(100_000, 0, 10, new Shard(2, 3));

    assertThat(recordsOf(shard)).allMatch(r -> whole.partition(r) == shard.partition(r));
  }

  @ParameterizedTest
  @CsvSource({"1000,0", "100000,0", "10000000,0", "-1,200", "-1,1000000"})
  void allPartitionsGetRecordsSoon(long records, long rate) {
    Plan plan = Plan.ofGenerated(records, rate, 100, Shard.WHOLE);
    long soon = records < 0 ? rate : records;

    assertThat(LongStream.range(0, soon).mapToInt(plan::partition).distinct().count())
        .isEqualTo(100);
  }

  @Test
  void aKeyDecidesThePartitionAsInKafka() {
    Plan plan = Plan.ofGenerated(100, 0, 100, Shard.WHOLE);

    assertThat(plan.partition(3, "4711".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(plan.partition(4, "4711".getBytes(StandardCharsets.UTF_8)));
    assertThat(plan.partition(50, null)).isEqualTo(plan.partition(50));
  }

  @Test
  void shardsAreCountedFromOne() {
    assertThat(Shard.parse("3/10")).isEqualTo(new Shard(3, 10));
    for (String wrong : List.of("0/10", "11/10", "3", "3/", "-1/2", "a/b", "1/0")) {
      assertThatThrownBy(() -> Shard.parse(wrong)).hasMessageContaining(wrong);
    }
  }
}
