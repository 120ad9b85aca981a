package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void recordsAreDueAtEqualDistances() {
    Pace pace = new Pace(4);

    assertThat(LongStream.rangeClosed(0, 5).map(pace::dueNanos))
        .containsExactly(0L, SECOND / 4, SECOND / 2, SECOND * 3 / 4, SECOND, SECOND + SECOND / 4);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 7, 1000, 99_991, 1_000_000, 999_999_937, 1_000_000_000})
  void whatIsDueAgreesWithWhenItIsDue(long rate) {
    Pace pace = new Pace(rate);
    for (long record :
        new long[] {
          0, 1, 2, rate - 1, rate, rate + 1, 86_400 * rate + 1, 8_000_000_000L * rate - 1
        }) {
      long due = pace.dueNanos(record);

      assertThat(pace.dueRecords(due)).isGreaterThan(record);
      assertThat(pace.dueRecords(due - 1)).isLessThanOrEqualTo(record);
    }
  }

  @Test
  void aStallDoesNotMoveWhatIsDueLater() {
    Pace pace = new Pace(1000);

    assertThat(pace.dueRecords(10 * SECOND)).isEqualTo(10_001);
    assertThat(pace.dueNanos(10_000)).isEqualTo(10 * SECOND);
  }

  @Test
  void aDurationIsANumberOfRecords() {
    Pace pace = new Pace(1000);

    assertThat(pace.recordsWithin(0)).isZero();
    assertThat(pace.recordsWithin(1)).isEqualTo(1);
    assertThat(pace.recordsWithin(2 * SECOND)).isEqualTo(2000);
    assertThat(pace.dueRecords(-1)).isZero();
  }
}
