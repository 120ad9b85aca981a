package io.millrace.lake.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.MillraceException;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ResolutionsTest {
  private static final SortedMap<Integer, long[]> ALL =
      new TreeMap<>(Map.of(0, new long[] {2, 5, 9, 30}, 3, new long[] {7}));
  private static final String AT = "2026-01-31T00:00:00Z";
  private static final Fate ROW = Fate.redriven(AT, "me", "a1");
  private static final Fate OLD = Fate.discarded(AT, "me", "a2", "old");
  private static final Fate CUT = Fate.stayed(AT, "me", "a3", "MALFORMED", "cut");

  @Test
  void deadLettersThatFollowOnEachOtherAreOneRun() {
    ResolutionsEditor editor = new ResolutionsEditor(Resolutions.none("s"), ALL);
    editor.set(0, 5, ROW);
    editor.set(0, 2, ROW);
    editor.set(0, 30, ROW);
    editor.set(3, 7, OLD);
    Resolutions made = editor.build("me", "a1");

    assertThat(made.letters().get(0)).containsExactly(2, 5, 2, 0, 30, 30, 1, 0);
    assertThat(made.letters().get(3)).containsExactly(7, 7, 1, 1);
    assertThat(made.redriven()).isEqualTo(3);
    assertThat(made.discarded()).isEqualTo(1);
    assertThat(made.fate(0, 5)).contains(ROW);
    assertThat(made.fate(0, 9)).isEmpty();
    assertThat(made.fate(0, 31)).isEmpty();
    assertThat(made.fate(1, 2)).isEmpty();
    assertThat(made.has("a1")).isTrue();
    assertThat(made.has("a3")).isFalse();
  }

  @Test
  void oneFollowsOnAnotherAndIsReadAgain() {
    ResolutionsEditor first = new ResolutionsEditor(Resolutions.none("s"), ALL);
    first.set(0, 2, CUT);
    first.set(0, 5, OLD);
    Resolutions one = first.build("me", "a2");
    ResolutionsEditor second = new ResolutionsEditor(one, ALL);
    assertThat(second.changed()).isFalse();
    second.set(0, 5, ROW);
    second.clear(0, 2);
    assertThat(second.changed()).isTrue();
    Resolutions two = second.build("me", "a1");

    assertThat(two.sequence()).isEqualTo(2);
    assertThat(two.fates()).containsExactly(ROW);
    assertThat(two.fate(0, 2)).isEmpty();
    assertThat(two.discarded()).isZero();
    assertThat(two.contradiction(one)).isEmpty();
    assertThat(two.contradiction(Resolutions.none("s"))).isPresent();
    assertThat(Resolutions.fromJson(two.toJson()).toJson()).isEqualTo(two.toJson());
    Resolutions head = Resolutions.fromJson(two.keptIn("f").toJson());
    assertThat(head.letters()).isEmpty();
    assertThat(head.contradiction(one)).isEmpty();
    ResolutionsEditor third = new ResolutionsEditor(two, ALL);
    third.clear(0, 5);
    assertThat(third.build("me", "a4").contradiction(two))
        .hasValueSatisfying(reason -> assertThat(reason).contains("fell"));
  }

  @Test
  void eachDeadLetterKeepsItsOwnFate() {
    Random random = new Random(42);
    SortedMap<Integer, long[]> all =
        new TreeMap<>(
            Map.of(
                1, LongStream.range(0, 3_000).filter(o -> random.nextInt(3) > 0).toArray(),
                2, LongStream.range(0, 500).toArray()));
    Resolutions made = Resolutions.none("s");
    Map<Long, Fate> expected = new TreeMap<>();
    Fate[] fates = {ROW, OLD, CUT, null};
    for (int round = 0; round < 5; round++) {
      ResolutionsEditor editor = new ResolutionsEditor(made, all);
      for (long offset : all.get(1)) {
        Fate fate = fates[random.nextInt(4)];
        if (fate == null || ROW.equals(expected.get(offset))) {
          continue;
        }
        editor.set(1, offset, fate);
        expected.put(offset, fate);
      }
      made = Resolutions.fromJson(editor.build("me", "a" + round).toJson());
    }

    for (long offset : all.get(1)) {
      assertThat(made.fate(1, offset).orElse(null)).isEqualTo(expected.get(offset));
    }
    assertThat(made.redriven()).isEqualTo(expected.values().stream().filter(ROW::equals).count());
    assertThat(made.letters()).doesNotContainKey(2);
  }

  @Test
  void whatIsNoneIsNotRead() {
    ResolutionsEditor editor = new ResolutionsEditor(Resolutions.none("s"), ALL);
    editor.set(0, 5, ROW);
    editor.set(0, 2, ROW);
    String json = editor.build("me", "a1").toJson();

    Resolutions.fromJson(json);
    for (String[] change :
        new String[][] {
          {"\"format\":1", "\"format\":2"},
          {"\"redriven\":2", "\"redriven\":3"},
          {"[2,5,2,0]", "[5,2,2,0]"},
          {"[2,5,2,0]", "[2,5,2,1]"},
          {"[2,5,2,0]", "[2,5,5,0]"},
          {"[2,5,2,0]", "[2,5,2]"},
          {"\"stream\":\"s\"", "\"stream\":null"},
          {"{", "["},
        }) {
      String other = json.replace(change[0], change[1]);
      assertThat(other).isNotEqualTo(json);
      assertThatThrownBy(() -> Resolutions.fromJson(other))
          .as(change[1])
          .isInstanceOf(MillraceException.class);
    }
    assertThatThrownBy(() -> editor.set(0, 3, ROW)).isInstanceOf(IllegalArgumentException.class);
  }
}
