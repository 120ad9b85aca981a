package io.millrace.lake.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DeadLetterFilterTest {
  private final DeadLetterEntry entry =
      new DeadLetterEntry(3, 17, 1_000, 7, ErrorClass.NO_HEADER.name(), "why");
  private final DeadLetterEntry without =
      new DeadLetterEntry(3, 18, 1_000, null, ErrorClass.NO_HEADER.name(), "why");

  @Test
  void allThatIsAskedForMustHold() {
    assertThat(DeadLetterFilter.ALL.matches(entry)).isTrue();
    assertThat(filter(1_000, 1_001, 3, "no-header", 7).matches(entry)).isTrue();
    assertThat(filter(1_001, 2_000, 3, "no-header", 7).matches(entry)).isFalse();
    assertThat(filter(0, 1_000, 3, "no-header", 7).matches(entry)).isFalse();
    assertThat(filter(1_000, 1_001, 2, "NO_HEADER", 7).matches(entry)).isFalse();
    assertThat(filter(1_000, 1_001, 3, "malformed", 7).matches(entry)).isFalse();
    assertThat(filter(1_000, 1_001, 3, "no_header", 8).matches(entry)).isFalse();
    assertThat(filter(1_000, 1_001, 3, "no_header", 7).matches(without)).isFalse();
  }

  @Test
  void oneOfTheRangesOfOffsetsIsEnough() {
    DeadLetterFilter filter =
        new DeadLetterFilter(
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            List.of(new DeadLetterFilter.Offsets(2, 3), new DeadLetterFilter.Offsets(7, 7)),
            Set.of(),
            Set.of());

    assertThat(LongStream.range(0, 10).filter(offset -> filter.matches(at(offset))))
        .containsExactly(2L, 3L, 7L);
  }

  private static DeadLetterEntry at(long offset) {
    return new DeadLetterEntry(0, offset, 0, null, "MALFORMED", "");
  }

  private static DeadLetterFilter filter(
      long from, long to, int partition, String error, int schemaId) {
    return new DeadLetterFilter(
        Optional.of(Instant.ofEpochMilli(from)),
        Optional.of(Instant.ofEpochMilli(to)),
        Set.of(partition),
        List.of(),
        Set.of(error),
        Set.of(schemaId));
  }
}
