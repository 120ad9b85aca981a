package io.millrace.lake.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OffsetSetTest {
  @Test
  void anOffsetIsNewOnce() {
    OffsetSet set = new OffsetSet();

    assertThat(set.add(5)).isTrue();
    assertThat(set.add(5)).isFalse();
    assertThat(set.contains(5)).isTrue();
    assertThat(set.contains(6)).isFalse();
    assertThat(set.size()).isEqualTo(1);
  }

  @Test
  void agreesWithASetOfNumbers() {
    Random random = new Random(3);
    long base = 20_000_000_000L;
    int span = 200_000;
    OffsetSet left = new OffsetSet();
    OffsetSet right = new OffsetSet();
    TreeSet<Long> leftNumbers = new TreeSet<>();
    TreeSet<Long> rightNumbers = new TreeSet<>();
    for (int i = 0; i < 60_000; i++) {
      long offset = base + random.nextInt(span);
      assertThat(left.add(offset)).isEqualTo(leftNumbers.add(offset));
      offset = base + random.nextInt(span);
      assertThat(right.add(offset)).isEqualTo(rightNumbers.add(offset));
    }
    TreeSet<Long> bothNumbers = new TreeSet<>(leftNumbers);
    bothNumbers.retainAll(rightNumbers);
    leftNumbers.removeAll(rightNumbers);

    for (int i = 0; i < 200; i++) {
      long from = base + random.nextInt(span);
      long to = from + random.nextInt(1 + random.nextInt(span));
      assertThat(right.count(from, to)).isEqualTo(rightNumbers.subSet(from, to).size());
      assertThat(left.minus(right, from, to, null)).isEqualTo(leftNumbers.subSet(from, to).size());
      assertThat(left.and(right, from, to, null)).isEqualTo(bothNumbers.subSet(from, to).size());
    }
  }

  @Test
  void aRunIsAddedWholeOrNotAtAll() {
    Random random = new Random(4);
    long base = 20_000_000_000L;
    int span = 200_000;
    OffsetSet set = new OffsetSet();
    TreeSet<Long> numbers = new TreeSet<>();
    int refused = 0;
    for (int i = 0; i < 4_000; i++) {
      long from = base + random.nextInt(span);
      long to = from + 1 + random.nextInt(i % 3 == 0 ? 200 : 3);
      boolean free = numbers.subSet(from, to).isEmpty();
      assertThat(set.addRun(from, to)).isEqualTo(free);
      for (long offset = from; free && offset < to; offset++) {
        numbers.add(offset);
      }
      refused += free ? 0 : 1;
    }

    assertThat(refused).isBetween(100, 3_900);
    assertThat(set.size()).isEqualTo(numbers.size());
    List<Long> found = new ArrayList<>();
    set.forEach(base, base + 2L * span, found::add);
    assertThat(found).containsExactlyElementsOf(numbers);
  }

  @Test
  void differencesComeAsRanges() {
    OffsetSet all = new OffsetSet();
    OffsetSet some = new OffsetSet();
    for (long offset = 0; offset < 100_000; offset++) {
      all.add(offset);
      if (offset != 7 && (offset < 60 || offset > 70_000) && offset != 99_999) {
        some.add(offset);
      }
    }
    RangeList ranges = new RangeList();

    long missing = all.minus(some, 0, 100_000, ranges);

    assertThat(missing).isEqualTo(1 + 69_941 + 1);
    assertThat(ranges.ranges())
        .containsExactly(
            new OffsetRange(7, 7), new OffsetRange(60, 70_000), new OffsetRange(99_999, 99_999));
  }

  @Test
  void onlyTheFirstRangesAreKeptAndAllAreCounted() {
    OffsetSet odd = new OffsetSet();
    for (long offset = 1; offset < 1_000; offset += 2) {
      odd.add(offset);
    }
    RangeList ranges = new RangeList();

    assertThat(odd.minus(new OffsetSet(), 0, 1_000, ranges)).isEqualTo(500);
    assertThat(ranges.ranges()).hasSize(RangeList.MOST).startsWith(new OffsetRange(1, 1));
  }

  @Test
  void emptyRangesHoldNothing() {
    OffsetSet set = new OffsetSet();
    set.add(3);

    assertThat(set.count(3, 3)).isZero();
    assertThat(set.count(4, 3)).isZero();
    assertThat(List.of(set.count(3, 4), set.count(0, 3))).containsExactly(1L, 0L);
  }

  @Test
  void setsAreJoinedAndGoneThroughInOrder() {
    OffsetSet one = new OffsetSet();
    OffsetSet other = new OffsetSet();
    for (long offset : new long[] {0, 63, 64, 40_000}) {
      one.add(offset);
    }
    for (long offset : new long[] {63, 70, 1L << 40}) {
      other.add(offset);
    }

    OffsetSet either = one.or(other);

    assertThat(either.size()).isEqualTo(6);
    List<Long> all = new ArrayList<>();
    either.forEach(0, Long.MAX_VALUE, all::add);
    assertThat(all).containsExactly(0L, 63L, 64L, 70L, 40_000L, 1L << 40);
    List<Long> some = new ArrayList<>();
    either.forEach(63, 70, some::add);
    assertThat(some).containsExactly(63L, 64L);
    assertThat(either.word(100)).isEqualTo(1L | 1L << 6);
    assertThat(either.word(1L << 41)).isZero();
    assertThat(one.size()).isEqualTo(4);
    assertThat(either.add(70)).isFalse();
  }

  @Test
  void sumsAreKeptForEach64Offsets() {
    WordSums sums = new WordSums();
    sums.add(64, 5);
    sums.add(127, 7);
    sums.add(128, 1);
    sums.add(1L << 40, 9);

    assertThat(sums.at(100)).isEqualTo(12);
    assertThat(sums.at(128)).isEqualTo(1);
    assertThat(sums.at((1L << 40) + 63)).isEqualTo(9);
    assertThat(sums.at(0)).isZero();
  }
}
