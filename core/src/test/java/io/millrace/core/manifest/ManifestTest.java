package io.millrace.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.manifest.Manifest.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  @TempDir private Path directory;

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
  void whatIsNoManifestIsToldInWords() throws Exception {
    String entry =
        "{\"partition\": 0, \"acknowledged\": 1, \"unknown\": 0, \"firstOffset\": 5,"
            + " \"lastOffset\": 5, \"hash\": \"00000000000000ff\"}";
    String good =
        "{\"format\": 1, \"topic\": \"t\", \"topicId\": \"i\", \"partitions\": [" + entry + "]}";
    assertThat(read(good).partitions()).containsExactly(Entry.of(0, 1, 0, 5, 5, 255));
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put("", "no manifest");
    reasons.put("{", "not JSON");
    reasons.put("[1]", "no manifest");
    reasons.put("{}", "no manifest");
    reasons.put("{\"format\": 1}", "topic");
    reasons.put("{\"format\": 1, \"topic\": \"t\", \"topicId\": \"i\"}", "partitions");
    reasons.put("{\"streams\": 3}", "no manifest");
    reasons.put(good.replace("[{", "[null, {"), "partitions");
    reasons.put(good.replace("[{", "[" + entry + ", {"), "twice");
    reasons.put(
        good.replace("\"partitions\": [" + entry + "]", "\"partitions\": 7"), "no manifest");
    reasons.put(good.replace("\"acknowledged\": 1", "\"acknowledged\": -1"), "acknowledged is -1");
    reasons.put(good.replace("\"acknowledged\": 1", "\"acknowledged\": null"), "no manifest");
    reasons.put(good.replace("\"unknown\": 0", "\"unknown\": -2"), "unknown is -2");
    reasons.put(good.replace("\"lastOffset\": 5", "\"lastOffset\": 4"), "5 to 4");
    reasons.put(good.replace("00ff", "00fg"), "hash");
    reasons.put(good.replace("\"partition\": 0", "\"partition\": -1"), "partition -1");

    reasons.forEach(
        (text, reason) ->
            assertThatThrownBy(() -> read(text))
                .as(text)
                .isInstanceOfSatisfying(
                    MillraceException.class,
                    e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining(reason)
                .hasMessageContaining("m.json")
                .hasMessageNotContainingAny("io.millrace", "Source", "Cannot", "invoke", "`"));
  }

  private Manifest read(String text) throws IOException {
    return Manifest.read(Files.writeString(directory.resolve("m.json"), text));
  }

  @Test
  void theSameManifestTwiceIsRefusedUnlessItSaysNothing() {
    Path one = directory.resolve("one.json");
    Path copy = directory.resolve("copy.json");
    Manifest sent = manifest(Entry.of(0, 1, 0, 5, 5, 7));
    sent.write(one);
    sent.write(copy);
    Path nothing = directory.resolve("nothing.json");
    Manifest unsent = manifest(Entry.of(0, 0, 4, -1, -1, 0));
    unsent.write(nothing);

    assertThatThrownBy(() -> Manifest.readAll(List.of(one, copy)))
        .isInstanceOf(MillraceException.class)
        .hasMessageContainingAll("one.json", "copy.json", "once");
    assertThat(Manifest.readAll(List.of(one, nothing, nothing)))
        .containsExactly(sent, unsent, unsent);
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
