package io.millrace.lake.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.MillraceException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ResolutionsTest {
  private static final Map<Integer, long[]> ALL =
      Map.of(0, new long[] {2, 5, 9, 30}, 3, new long[] {7});
  private static final Instant AT = Instant.parse("2026-01-31T00:00:00Z");

  @Test
  void deadLettersThatFollowOnEachOtherAreOneRange() {
    LetterSet set = LetterSet.of(ALL, (p, o) -> p == 3 || o != 9);

    assertThat(set.partitions())
        .isEqualTo(
            Map.of(
                0, new LetterSet.Part(3, List.of(2L, 5L, 30L, 30L)),
                3, new LetterSet.Part(1, List.of(7L, 7L))));
    assertThat(set.count()).isEqualTo(4);
    assertThat(LongStream.of(2, 5, 30)).allMatch(o -> set.contains(0, o));
    assertThat(LongStream.of(1, 9, 31)).noneMatch(o -> set.contains(0, o));
    assertThat(set.contains(1, 2)).isFalse();
  }

  @Test
  void whatBecameOfThemAddsUpAndIsReadAgain() {
    Resolutions none = Resolutions.none("s");
    Resolutions redriven = none.redrive(ALL, (p, o) -> o == 2, "me", "a1");
    Resolutions more = redriven.redrive(ALL, (p, o) -> o == 5, "me", "a2");
    Resolutions discarded = more.discard(ALL, (p, o) -> o == 9, "old", AT, "me", "a3");
    Resolutions again = discarded.discard(ALL, (p, o) -> p == 3, "old", AT, "me", "a4");

    assertThat(again.sequence()).isEqualTo(4);
    assertThat(again.redriven().partitions())
        .isEqualTo(Map.of(0, new LetterSet.Part(2, List.of(2L, 5L))));
    assertThat(again.discarded()).hasSize(1);
    assertThat(again.discardedCount()).isEqualTo(2);
    assertThat(again.isOpen(0, 30)).isTrue();
    assertThat(again.isOpen(0, 5)).isFalse();
    assertThat(again.discard(3, 7).orElseThrow().reason()).isEqualTo("old");
    assertThat(again.contradiction(discarded)).isEmpty();
    assertThat(again.contradiction(more)).isPresent();
    assertThat(Resolutions.fromJson(again.toJson())).isEqualTo(again);
  }

  @Test
  void whatIsTooScatteredIsRefused() {
    long[] many = LongStream.range(0, 40_004).toArray();

    assertThatThrownBy(
            () -> Resolutions.none("s").redrive(Map.of(0, many), (p, o) -> o % 2 == 0, "me", "a"))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("20002 ranges");
  }

  @Test
  void whatIsNoneIsNotRead() {
    String json = Resolutions.none("s").toJson();

    assertThatThrownBy(() -> Resolutions.fromJson(json.replace("\"format\":1", "\"format\":2")))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("format 2");
    assertThatThrownBy(() -> Resolutions.fromJson("{}")).isInstanceOf(MillraceException.class);
    assertThatThrownBy(() -> new LetterSet.Part(1, List.of(3L, 2L)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
