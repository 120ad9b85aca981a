package io.millrace.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.schema.RecordFit.Outcome;
import io.millrace.cli.schema.RecordFit.Result;
import io.millrace.cli.schema.SampleRanges.Range;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleTest {
  @Test
  void takesAsManyOfEachPartitionAndMoreWhereOthersHaveFewer() {
    Map<Integer, Range> there =
        Map.of(
            0, new Range(100, 1_100),
            1, new Range(5, 15),
            2, new Range(7, 7),
            3, new Range(0, 1_000));

    assertThat(SampleRanges.last(1_000, there))
        .isEqualTo(
            Map.of(
                0, new Range(605, 1_100),
                1, new Range(5, 15),
                3, new Range(505, 1_000)));
  }

  @Test
  void takesAllThereIsAndNeverMoreThanAskedFor() {
    Map<Integer, Range> there =
        Map.of(0, new Range(0, 3), 1, new Range(2, 4), 2, new Range(0, 9), 3, new Range(0, 9));

    assertThat(SampleRanges.last(1_000, there)).isEqualTo(there);
    assertThat(SampleRanges.last(2, there).values().stream().mapToLong(Range::size).sum())
        .isEqualTo(2);
    assertThat(SampleRanges.last(0, there)).isEmpty();
    assertThat(SampleRanges.last(10, Map.of())).isEmpty();
  }

  @Test
  void countsAllAndNamesTheFirstFive() {
    Sample.Tally tally = new Sample.Tally(2);
    tally.addNull();
    tally.add(0, 1, new Outcome(Result.FITS, null));
    for (int offset = 9; offset >= 0; offset--) {
      tally.add(offset % 2, offset, new Outcome(Result.MISFIT, "r" + offset));
    }
    tally.add(1, 99, new Outcome(Result.UNREADABLE, "u"));

    Sample sample = tally.sample();

    assertThat(sample.records()).isEqualTo(13);
    assertThat(sample.fit()).isEqualTo(1);
    assertThat(sample.nulls()).isEqualTo(1);
    assertThat(sample.misfits()).isEqualTo(10);
    assertThat(sample.unreadable()).isEqualTo(1);
    assertThat(sample.misfitsNamed())
        .extracting(Sample.Named::reason)
        .containsExactly("r0", "r2", "r4", "r6", "r8");
    assertThat(sample.unreadableNamed()).containsExactly(new Sample.Named(1, 99, "u"));
  }
}
