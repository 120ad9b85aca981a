package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RangeSplitterTest {
  @Test
  void aRangeAPartitionWithoutEmptyOnes() {
    List<OffsetRange> ranges =
        List.of(new OffsetRange(0, 5, 9), new OffsetRange(1, 7, 7), new OffsetRange(2, 0, 1));
    assertThat(RangeSplitter.split(ranges, 0))
        .containsExactly(new OffsetRange(0, 5, 9), new OffsetRange(2, 0, 1));
  }

  @Test
  void longRangesAreSplitAndShortOnesStayWhole() {
    List<OffsetRange> ranges =
        List.of(new OffsetRange(0, 10, 100), new OffsetRange(1, 0, 1), new OffsetRange(2, 0, 30));
    assertThat(RangeSplitter.split(ranges, 5))
        .containsExactly(
            new OffsetRange(0, 10, 40),
            new OffsetRange(0, 40, 70),
            new OffsetRange(0, 70, 100),
            new OffsetRange(1, 0, 1),
            new OffsetRange(2, 0, 30));
  }

  @Test
  void noRangeIsSplitIntoMoreThanItsOffsets() {
    assertThat(RangeSplitter.split(List.of(new OffsetRange(0, 0, 3)), 10))
        .containsExactly(
            new OffsetRange(0, 0, 1), new OffsetRange(0, 1, 2), new OffsetRange(0, 2, 3));
  }

  @Test
  void aLimitIsSharedInProportionAndStarvesNobody() {
    TreeMap<Integer, Long> from = new TreeMap<>(Map.of(0, 100L, 1, 0L, 2, 5L));
    TreeMap<Integer, Long> until = new TreeMap<>(Map.of(0, 1000L, 1, 100L, 2, 6L));
    assertThat(RateLimit.atMost(50, from, until)).isEqualTo(Map.of(0, 144L, 1, 4L, 2, 6L));
    assertThat(RateLimit.atMost(5000, from, until)).isEqualTo(until);
    assertThat(RateLimit.between(from, until)).isEqualTo(1001);
  }
}
