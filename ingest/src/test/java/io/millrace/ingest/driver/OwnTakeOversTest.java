package io.millrace.ingest.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.lake.ledger.Ledger;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnTakeOversTest {
  private final Ledger first =
      Ledger.initial("s", "t", "id", "cluster", "me").advance(List.of(), "a");
  private final OwnTakeOvers own = new OwnTakeOvers();

  @Test
  void thoseBeforeTheFirstAreNotAskedFor() {
    assertThat(own.any()).isFalse();
  }

  @Test
  void whatWasCommittedUnderTheLastEpochIsOurs() {
    own.trying(first);
    own.done(first);

    assertThat(own.include(first.advance(List.of(), "b"))).isTrue();
    assertThat(own.include(first.takenOver("another", "c"))).isFalse();
  }

  @Test
  void oneWhoseAnswerWasLostIsOursWhicheverOfThemItIs() {
    own.trying(first);
    own.done(first);
    Ledger second = first.takenOver("me", "b");
    Ledger again = first.takenOver("me", "c");
    own.trying(second);
    own.trying(again);

    assertThat(own.include(second)).isTrue();
    assertThat(own.include(again)).isTrue();
    assertThat(own.include(second.takenOver("another", "d"))).isFalse();
  }
}
