package io.millrace.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.MillraceException;
import io.millrace.core.manifest.Manifest.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static Manifest manifest(Entry... entries) {
    return new Manifest(Manifest.FORMAT, "orders", "id-1", List.of(entries));
  }

  @Test
  void producersOneAfterTheOtherStayApart() {
    Manifest later = manifest(Entry.of(0, 5, 0, 20, 24, 7));
    Manifest earlier = manifest(Entry.of(0, 10, 0, 0, 9, 3), Entry.of(1, 1, 0, 0, 0, 9));

    assertThat(Manifest.spans(List.of(later, earlier)))
        .containsOnlyKeys(0, 1)
        .containsEntry(0, List.of(Entry.of(0, 10, 0, 0, 9, 3), Entry.of(0, 5, 0, 20, 24, 7)));
  }

  @Test
  void producersAtTheSameTimeAreOneAccount() {
    Manifest one = manifest(Entry.of(0, 10, 0, 0, 40, 3));
    Manifest inside = manifest(Entry.of(0, 5, 0, 20, 24, -1));
    Manifest across = manifest(Entry.of(0, 7, 0, 40, 60, 5));

    assertThat(Manifest.spans(List.of(one, inside, across)).get(0))
        .containsExactly(Entry.of(0, 22, 0, 0, 60, 7));
  }

  @Test
  void recordsOfUnknownFateMayLieInAnySpan() {
    Manifest one = manifest(Entry.of(0, 10, 0, 0, 9, 3));
    Manifest nothingKnown = manifest(Entry.of(0, 0, 4, -1, -1, 0));

    assertThat(Manifest.spans(List.of(one, nothingKnown)).get(0))
        .containsExactly(Entry.of(0, 10, 4, 0, 9, 3));
  }

  @Test
  void otherTopicsAreRefused() {
    Manifest one = manifest();
    Manifest again = new Manifest(Manifest.FORMAT, "orders", "id-2", List.of());

    assertThatThrownBy(() -> Manifest.spans(List.of(one, again)))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("id-2");
  }
}
