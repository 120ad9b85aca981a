package io.millrace.lake.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.core.config.NumberTypes;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.DataFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
  private static final Ledger START =
      Ledger.initial("orders", "orders-v1", "dG9waWMtaWQ", "cluster", "host, process 7");

  @Test
  void rangesAddUp() {
    Ledger ledger =
        START
            .advance(List.of(taken(0, 0, 10, 10), taken(3, 5, 5, 0)), "a")
            .advance(
                List.of(new Taken(0, 10, 20, 7, 2, 0, 1), new Taken(3, 5, 6, 0, 0, 0, 1)), "b");

    assertThat(ledger.sequence()).isEqualTo(2);
    assertThat(ledger.attempt()).isEqualTo("b");
    assertThat(ledger.rows()).isEqualTo(17);
    assertThat(ledger.partitions())
        .containsEntry(0, new PartitionEntry(0, 20, 17, 2, 0, 1))
        .containsEntry(3, new PartitionEntry(5, 6, 0, 0, 0, 1));
    assertThat(START.partitions()).isEmpty();
  }

  @Test
  void aGapOrAnOverlapIsRefused() {
    Ledger ledger = START.advance(List.of(taken(0, 0, 10, 10)), "a");
    assertThatThrownBy(() -> ledger.advance(List.of(taken(0, 11, 12, 1)), "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("goes on at offset 10, not at 11");
    assertThatThrownBy(() -> ledger.advance(List.of(taken(0, 9, 12, 3)), "b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countsThatDoNotAddUpCannotBeMade() {
    assertThatThrownBy(() -> taken(0, 0, 10, 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not add up");
    assertThatThrownBy(() -> new PartitionEntry(0, 1, 2, -1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> taken(-1, 0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void jsonKeepsEverything() {
    Ledger ledger =
        START
            .advance(
                List.of(
                    taken(0, 4_000_000_000L, 4_000_000_010L, 10), new Taken(7, 3, 13, 5, 4, 0, 1)),
                "a")
            .takenOver("somebody \"else\"", "b");
    assertThat(Ledger.fromJson(ledger.toJson())).isEqualTo(ledger);
    assertThat(Ledger.fromJson(START.toJson())).isEqualTo(START);
  }

  @Test
  void theDocumentedExampleIsALedger() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "ledger.md"));
    int from = page.indexOf("```json") + "```json".length();
    Ledger ledger = Ledger.fromJson(page.substring(from, page.indexOf("```", from)));
    assertThat(ledger.partitions())
        .containsEntry(0, new PartitionEntry(0, 1000, 997, 0, 0, 0, 3, 0, 5))
        .containsEntry(1, new PartitionEntry(0, 1005, 1000, 5, 0, 0, 0, 0, 5))
        .containsEntry(2, new PartitionEntry(500, 1600, 998, 0, 1, 20, 1, 80, 7));
    assertThat(ledger.pending())
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.sequence()).isEqualTo(42);
              assertThat(file.rows()).isEqualTo(1);
            });
  }

  @Test
  void aThousandPartitionsStaySmall() {
    List<Taken> taken =
        IntStream.range(0, 1000).mapToObj(p -> taken(p, 0, 50_000_000, 50_000_000)).toList();
    Ledger ledger = START.advance(taken, "a");
    assertThat(ledger.toJson()).hasSizeLessThan(10_000);
  }

  @Test
  void theNextLedgerIsToldFromAnyOther() {
    Ledger first = START.advance(List.of(taken(0, 0, 10, 10)), "a");
    Ledger next = first.advance(List.of(taken(0, 10, 12, 2)), "b");
    assertThat(next.contradiction(first)).isEmpty();
    assertThat(first.takenOver("o", "c").contradiction(first)).isEmpty();
    assertThat(first.contradiction(first))
        .hasValueSatisfying(t -> assertThat(t).contains("sequence"));
    assertThat(START.advance(List.of(), "x").advance(List.of(), "y").contradiction(first))
        .contains("partition 0 is missing");
    assertThat(
            START
                .advance(List.of(taken(0, 5, 6, 1)), "x")
                .advance(List.of(taken(0, 6, 20, 14)), "y")
                .contradiction(first))
        .hasValueSatisfying(text -> assertThat(text).contains("partition 0 went from"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"format\":5 | \"format\":7 | format 7",
        "\"format\":5 | \"format\":6 | \"generation\" is not a whole number",
        "\"format\":5 | \"format\":6,\"generation\":0 | at least 1",
        "\"format\":5 | \"format\":4 | no array \"partition\"",
        "\"format\":5 | \"format\":0 | format 0",
        "\"leader\":-1 | \"leader\":-2 | leader epoch",
        "\"leader\":-1 | \"leader\":-1,\"dead\":{\"0\":-1} | negative count",
        "\"leader\":-1 | \"leader\":-1,\"dead\":{\"1\":1} | does not list",
        "\"leader\":-1 | \"leader\":-1,\"lost\":[] | no object \"lost\"",
        "\"leader\":-1 | \"leader\":-1,\"pending\":{} | no array \"pending\"",
        "\"leader\":-1 | \"leader\":-1,\"accepted\":{} | no array \"accepted\"",
        "\"leader\":-1 | \"leader\":-1,\"nulls\":{\"0\":\"1\"} | not a whole number",
        "\"rows\":12 | \"rows\":13 | claims 13 rows",
        "\"partition\":\"0\" | \"partition\":\"0-1\" | more partitions than next",
        "\"partition\":\"0\" | \"partition\":\"1-0\" | no run of partitions",
        "\"partition\":\"0\" | \"partition\":\"0-2000000000\" | no run of partitions",
        "\"next\":[12] | \"next\":[12,13] | more next offsets",
        "\"next\":[12] | \"next\":[-1] | negative count",
        "\"topic\":\"orders-v1\" | \"topic\":null | no text \"topic\"",
        "} | , | can't be read",
      })
  void anEditedLedgerIsRefused(String was, String is, String reason) {
    String json = START.advance(List.of(taken(0, 0, 12, 12)), "a").toJson();
    assertThat(json).contains(was);
    assertThatThrownBy(() -> Ledger.fromJson(json.replace(was, is)))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
        .hasMessageContaining(reason);
  }

  @Test
  void deadLettersAreAClassOfTheirOwnAndTheirFilesStayPending() {
    Ledger one =
        START.advance(List.of(dead(0, 0, 10, 3)), "a", List.of(file("x", 1), file("y", 2)));
    Ledger two = one.advance(List.of(taken(0, 10, 12, 2)), "b");
    Ledger three = two.advance(List.of(dead(0, 12, 16, 4)), "c", List.of(file("z", 4)));

    assertThat(three.partitions()).containsEntry(0, new PartitionEntry(0, 16, 9, 0, 7, 0));
    assertThat(three.dead()).isEqualTo(7);
    assertThat(three.ownDeadLetters()).isEqualTo(4);
    assertThat(two.ownDeadLetters()).isZero();
    assertThat(three.pending())
        .extracting(PendingFile::sequence, PendingFile::name)
        .containsExactly(tuple(1L, "x"), tuple(1L, "y"), tuple(3L, "z"));
    assertThat(three.pending().get(2).in("file:/t_dead_letters")).isEqualTo(file("z", 4));
    assertThat(Ledger.fromJson(three.toJson())).isEqualTo(three);
    assertThat(three.takenOver("o", "d").pending()).isEqualTo(three.pending());
  }

  @Test
  void whatTheTableOfDeadLettersHasIsNotCarriedOn() {
    Ledger one = START.advance(List.of(dead(0, 0, 3, 3)), "a", List.of(file("x", 3)));
    Ledger two = one.advance(List.of(dead(0, 3, 4, 1)), "b", List.of(file("y", 1)));

    assertThat(two.settled(1).pending()).extracting(PendingFile::name).containsExactly("y");
    assertThat(two.settled(2).pending()).isEmpty();
    assertThat(two.settled(0)).isEqualTo(two);
    assertThat(two.settled(2).advance(List.of(), "c").contradiction(two)).isEmpty();
  }

  @Test
  void deadLettersWithoutTheirFilesAreRefused() {
    assertThatThrownBy(() -> START.advance(List.of(dead(0, 0, 10, 3)), "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 dead letters, their files 0");
    Ledger one = START.advance(List.of(dead(0, 0, 10, 3)), "a", List.of(file("x", 3)));
    assertThatThrownBy(
            () ->
                Ledger.fromJson(
                    one.toJson().replace("\"sequence\":1,\"file\"", "\"sequence\":2,\"file\"")))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("order of their commits");
    assertThat(
            START
                .advance(List.of(taken(0, 0, 10, 10)), "x")
                .advance(List.of(taken(0, 10, 11, 1)), "y")
                .contradiction(one))
        .hasValueSatisfying(text -> assertThat(text).contains("partition 0 went from"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void earlierFormatsAreStillReadAndTheNextCommitWritesThisOne(int format) throws IOException {
    Ledger ledger = Ledger.fromJson(resource("format-" + format + ".json"));

    SortedMap<Integer, PartitionEntry> partitions = new TreeMap<>();
    partitions.put(0, new PartitionEntry(0, 1000, 997, 0, 0, 3));
    partitions.put(1, new PartitionEntry(0, 1005, 1000, 5, 0, 0));
    partitions.put(
        4,
        switch (format) {
          case 1 -> new PartitionEntry(500, 1500, 999, 0, 0, 1);
          case 2 -> new PartitionEntry(500, 1500, 998, 0, 1, 1);
          default ->
              new PartitionEntry(500, 1520, 998, 0, 1, 20, 1, 0, PartitionEntry.UNKNOWN_LEADER);
        });
    assertThat(ledger.partitions()).isEqualTo(partitions);
    assertThat(ledger.owner()).isEqualTo("4711@host-1 2026-11-22T16:30:00Z");
    assertThat(ledger.writer().at()).isZero();
    assertThat(ledger.pending()).hasSize(format == 1 ? 0 : 1);
    assertThat(ledger.sql()).isEqualTo(format == 4 ? "00000002-9d2c.json" : null);
    assertThat(ledger.accepted()).isEmpty();
    String now = ledger.toJson();
    assertThat(now).startsWith("{\"format\":5,");
    assertThat(Ledger.fromJson(now)).isEqualTo(ledger);
    assertThat(ledger.takenOver("o", "b").contradiction(ledger)).isEmpty();
  }

  @Test
  void aRestoredLedgerGoesBackOnceAndSaysSo() {
    Ledger then = START.advance(List.of(taken(0, 5, 10, 5)), "a");
    Ledger now = then.advance(List.of(taken(0, 10, 30, 20), taken(1, 7, 9, 2)), "b");

    Ledger taken = now.restoredTo(4, Optional.of(then)).takenOver("o", "c");

    assertThat(taken.partitions()).isEqualTo(then.partitions());
    assertThat(taken.sequence()).isEqualTo(3);
    assertThat(taken.isTakenBack()).isTrue();
    assertThat(taken.contradiction(now)).isEmpty();
    assertThat(taken.toJson()).contains("\"restored\":{\"version\":4,\"sequence\":3}");
    assertThat(Ledger.fromJson(taken.toJson())).isEqualTo(taken);
    Ledger next = taken.advance(List.of(taken(0, 10, 12, 2)), "d");
    assertThat(next.isTakenBack()).isFalse();
    assertThat(next.restored()).isEqualTo(new Ledger.Restored(4, 3));
    assertThat(next.contradiction(taken)).isEmpty();
    assertThat(next.contradiction(now.takenOver("x", "y")))
        .hasValue("it has forgotten that the table was restored");
    assertThat(now.restoredTo(0, Optional.empty()).partitions())
        .isEqualTo(
            Map.of(
                0, new PartitionEntry(5, 5, 0, 0, 0, 0), 1, new PartitionEntry(7, 7, 0, 0, 0, 0)));
  }

  @Test
  void filteredRecordsAreCounted() {
    Ledger one = START.advance(List.of(new Taken(0, 0, 10, 6, 0, 0, 4, 0)), "a");
    Ledger two = one.advance(List.of(new Taken(0, 10, 12, 1, 0, 0, 1, 0)), "b");

    assertThat(two.toJson()).contains("\"filtered\":{\"0\":5}");
    assertThat(Ledger.fromJson(two.toJson())).isEqualTo(two);
    assertThat(two.filtered()).isEqualTo(5);
    assertThat(two.contradiction(one)).isEmpty();
    assertThat(
            START
                .advance(List.of(taken(0, 0, 10, 10)), "x")
                .advance(List.of(taken(0, 10, 12, 2)), "y")
                .contradiction(one))
        .hasValueSatisfying(text -> assertThat(text).contains("partition 0 went from"));
  }

  @Test
  void anAcceptedLossIsAClassOfItsOwnAndNeverForgotten() {
    Ledger before =
        START.advance(List.of(taken(0, 0, 10, 10), taken(1, 0, 5, 5), taken(2, 0, 1, 1)), "a");
    List<Accepted> losses =
        List.of(
            new Accepted(0, 10, 30, "2026-11-23T10:00:00Z", "ann@host"),
            new Accepted(2, 1, 2, "2026-11-23T10:00:00Z", "ann@host"));

    Ledger accepted = before.takenOver("o", "b").accepting(losses);
    Ledger later =
        accepted
            .advance(List.of(taken(0, 30, 40, 10)), "c")
            .takenOver("o", "d")
            .accepting(List.of(new Accepted(1, 5, 6, "2026-11-24T10:00:00Z", "bob@host")));

    assertThat(accepted.partitions())
        .containsEntry(0, new PartitionEntry(0, 30, 10, 0, 0, 0, 0, 20, -1))
        .containsEntry(1, new PartitionEntry(0, 5, 5, 0, 0, 0));
    assertThat(accepted.lost()).isEqualTo(21);
    assertThat(accepted.contradiction(before)).isEmpty();
    assertThat(later.accepted()).hasSize(3).startsWith(losses.get(0), losses.get(1));
    assertThat(later.partitions().get(0).lost()).isEqualTo(20);
    assertThat(Ledger.fromJson(later.toJson())).isEqualTo(later);
    assertThat(before.takenOver("o", "x").advance(List.of(), "y").contradiction(accepted))
        .hasValueSatisfying(text -> assertThat(text).contains("forgotten what was accepted"));
    assertThatThrownBy(() -> before.accepting(List.of(new Accepted(0, 11, 30, "", ""))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a loss can't begin at 11");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"to\":[30,20] | \"to\":[29,20] | has lost 20 offsets, but 19 were accepted",
        "\"to\":[30,20] | \"to\":[30,21] | offsets 10 to 21 of partition 2 can't have been",
        "\"from\":[10,10] | \"from\":[10,4] | offsets 4 to 20 of partition 2 can't have been",
        "\"partition\":[0,2] | \"partition\":[0,0] | offsets 10 to 20 of partition 0 can't have been",
        "\"partition\":[0,2] | \"partition\":[0,7] | offsets 10 to 20 of partition 7 can't have been",
        "\"accepted\" | \"forgotten\" | has lost 20 offsets, but 0 were accepted",
      })
  void aLossThatNobodyAcceptedIsRefused(String was, String is, String reason) {
    String json =
        START
            .advance(List.of(taken(0, 0, 10, 10), taken(2, 5, 10, 5)), "a")
            .accepting(
                List.of(new Accepted(0, 10, 30, "t", "b"), new Accepted(2, 10, 20, "t", "b")))
            .toJson();
    assertThat(json).contains(was);

    assertThatThrownBy(() -> Ledger.fromJson(json.replace(was, is)))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aPartitionOfWhichNothingWasReadCanLoseItsBeginning() {
    Ledger ledger = START.accepting(List.of(new Accepted(3, 0, 7, "t", "b")));

    assertThat(ledger.partitions())
        .containsExactly(Map.entry(3, new PartitionEntry(0, 7, 0, 0, 0, 0, 0, 7, -1)));
  }

  @Test
  void leadersAndTheTimeAreKeptAndTheTimeNeverFalls() {
    Ledger ledger =
        START
            .advance(List.of(taken(0, 0, 10, 10), taken(1, 0, 5, 5), taken(2, 0, 1, 1)), "a")
            .seen(Map.of(0, 4, 1, 4, 2, 9, 7, 1), 1_000)
            .seen(Map.of(1, 6), 900);

    assertThat(ledger.partitions().values())
        .extracting(PartitionEntry::leader)
        .containsExactly(4, 6, 9);
    assertThat(ledger.writer().at()).isEqualTo(1_000);
    assertThat(ledger.partitions()).hasSize(3);
    assertThat(Ledger.fromJson(ledger.toJson())).isEqualTo(ledger);
    assertThat(ledger.withoutTime().seen(Map.of(), 900).writer().at()).isEqualTo(900);
    assertThat(
            ledger
                .advance(List.of(taken(0, 10, 12, 2), taken(2, 1, 1, 0)), "b")
                .accepting(List.of(new Accepted(1, 5, 7, "t", "b")))
                .partitions()
                .values())
        .as("a new position under a leader that did not tell its epoch")
        .extracting(PartitionEntry::leader)
        .containsExactly(PartitionEntry.UNKNOWN_LEADER, PartitionEntry.UNKNOWN_LEADER, 9);
  }

  @Test
  void anotherGenerationBeginsAnewAndFollowsOnTheOneBefore() {
    Ledger ends =
        START
            .advance(List.of(taken(0, 5, 10, 5)), "a")
            .takenOver("o", "b")
            .accepting(List.of(new Accepted(0, 10, 12, "2026-11-23T10:00:00Z", "ann")));

    Ledger begins = ends.nextGeneration("id-2", "cluster-2", Map.of(0, 0L, 1, 7L), "c");

    assertThat(begins.contradiction(ends)).isEmpty();
    assertThat(begins.generation()).isEqualTo(2);
    assertThat(begins.topicId()).isEqualTo("id-2");
    assertThat(begins.clusterId()).isEqualTo("cluster-2");
    assertThat(begins.epoch()).isEqualTo(ends.epoch());
    assertThat(begins.accepted()).isEmpty();
    assertThat(begins.rows()).isZero();
    assertThat(begins.partitions().get(1).next()).isEqualTo(7);
    assertThat(Ledger.fromJson(begins.toJson())).isEqualTo(begins);
    assertThat(begins.toJson()).startsWith("{\"format\":6,");
    Ledger goesOn = begins.advance(List.of(taken(1, 7, 9, 2)), "d");
    assertThat(goesOn.generation()).isEqualTo(2);
    assertThat(goesOn.contradiction(begins)).isEmpty();
  }

  @Test
  void anotherGenerationThatIsNoneIsTold() {
    Ledger first = START.advance(List.of(taken(0, 5, 10, 5)), "a");
    Ledger second = first.nextGeneration("id-2", "cluster", Map.of(0, 0L), "b");
    Ledger third = second.nextGeneration("id-3", "cluster", Map.of(0, 0L), "c");

    assertThat(third.contradiction(first.advance(List.of(), "x")))
        .hasValueSatisfying(text -> assertThat(text).contains("topic id"));
    assertThat(
            second
                .advance(List.of(taken(0, 0, 3, 3)), "x")
                .contradiction(first.advance(List.of(), "y")))
        .contains("a generation begins with offsets taken");
    assertThat(first.nextGeneration(first.topicId(), "c", Map.of(), "b").contradiction(first))
        .isEmpty();
  }

  @Test
  void theFileOfTheSqlIsCarriedOn() {
    Ledger named =
        START
            .by("1.json")
            .advance(List.of(taken(0, 0, 10, 10)), "a")
            .settled(0)
            .takenOver("o", "b");

    assertThat(named.sql()).isEqualTo("1.json");
    assertThat(named.toJson()).contains("\"sql\":\"1.json\"");
    assertThat(Ledger.fromJson(named.toJson())).isEqualTo(named);
  }

  @Test
  void aVersionOfTheSqlBeginsWhereTheLedgerIs() {
    Ledger ledger = START.advance(List.of(taken(0, 0, 10, 10)), "a").by("0.json");
    SqlVersion version =
        SqlVersion.after(ledger, "SELECT 1", NumberTypes.EXACT, List.of("\"int\""));

    assertThat(SqlVersion.fromJson(version.toJson())).isEqualTo(version);
    assertThat(version.before()).isEqualTo("0.json");
    assertThat(version.begunAt(0, 9)).isFalse();
    assertThat(version.begunAt(0, 10)).isTrue();
    assertThat(version.begunAt(1, 0)).isTrue();
    assertThat(
            version.isAs(
                SqlVersion.after(START, "SELECT 1", NumberTypes.EXACT, List.of("\"int\""))))
        .isTrue();
    assertThat(version.isAs(SqlVersion.after(ledger, null, NumberTypes.EXACT, List.of())))
        .isFalse();
    assertThatThrownBy(() -> SqlVersion.fromJson("{\"format\":2}"))
        .hasMessageContaining("format 2, not 1");
  }

  private static String resource(String name) throws IOException {
    try (var in = LedgerTest.class.getResourceAsStream("/ledger/" + name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static Taken dead(int partition, long from, long to, long dead) {
    return new Taken(partition, from, to, to - from - dead, 0, dead, 0);
  }

  private static DataFile file(String name, long rows) {
    return new DataFile("file:/t_dead_letters/" + name, 100, 5, Map.of(), rows, "{}");
  }

  private static Taken taken(int partition, long from, long to, long rows) {
    return new Taken(partition, from, to, rows, 0, 0, 0);
  }
}
