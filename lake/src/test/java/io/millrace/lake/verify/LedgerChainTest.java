package io.millrace.lake.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.lake.delta.CommitLog;
import io.millrace.lake.ledger.Fate;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Resolutions;
import io.millrace.lake.ledger.ResolutionsEditor;
import io.millrace.lake.ledger.Taken;
import io.millrace.lake.verify.Finding.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class LedgerChainTest {
  private static final String DOMAIN = "millrace.ledger.s";

  private static final String REDRIVES = "millrace.redrive.s";

  private final Map<Long, Ledger> readable = new TreeMap<>();
  private final LedgerChain chain =
      new LedgerChain("s", version -> Optional.ofNullable(readable.get(version)));
  private final Ledger zero = Ledger.initial("s", "topic", "id", "cluster", "me");
  private final Ledger one = next(zero, 10);
  private final Ledger two = next(one, 20);
  private final Ledger three = next(two, 30);

  private static Ledger next(Ledger ledger, long to) {
    long from = ledger.partitions().isEmpty() ? 0 : ledger.partitions().get(0).next();
    return ledger.advance(List.of(new Taken(0, from, to, to - from, 0, 0, 0)), "attempt " + to);
  }

  private void commit(long version, Ledger ledger, long... fileRows) {
    commit(version, Map.of(DOMAIN, ledger.toJson()), fileRows);
  }

  private void commit(long version, Map<String, String> domains, long... fileRows) {
    List<CommitLog.Added> added =
        java.util.Arrays.stream(fileRows)
            .mapToObj(rows -> new CommitLog.Added(new Path("/f"), 1, rows))
            .toList();
    chain.add(
        new CommitLog.Commit(
            version, 0, "WRITE", MissingNode.getInstance(), added, 0, Map.of(), Set.of(), domains));
  }

  @Test
  void oneAfterTheOtherIsRight() {
    commit(0, Map.of());
    commit(1, one, 4, 6);
    commit(2, two, 10);
    commit(3, Map.of("another", "text"));
    commit(4, three, 10);
    chain.end(three);

    assertThat(chain.findings()).isEmpty();
    assertThat(chain.notes()).isEmpty();
    assertThat(chain.ledgers()).isEqualTo(3);
  }

  @Test
  void anotherGenerationKeepsTheLedgerOfTheOneBefore() {
    Ledger begins = two.nextGeneration("id-2", "cluster-2", Map.of(0, 0L), "anew");
    commit(0, Map.of());
    commit(1, one, 10);
    commit(2, two, 10);
    commit(3, Map.of(DOMAIN, begins.toJson(), "millrace.closed-1.s", two.toJson()), new long[0]);
    commit(4, next(begins, 5), 5);

    assertThat(chain.findings()).isEmpty();
    assertThat(chain.notes())
        .containsExactly("version 3 begins generation 2 of the topic (id id-2, cluster cluster-2)");
  }

  @Test
  void anotherGenerationThatKeepsAnotherLedgerIsFound() {
    Ledger begins = two.nextGeneration("id-2", "cluster", Map.of(0, 0L), "anew");
    commit(1, two, 10);
    commit(2, Map.of(DOMAIN, begins.toJson(), "millrace.closed-1.s", one.toJson()));

    assertThat(chain.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.kind()).isEqualTo(Kind.LEDGER_CHAIN);
              assertThat(f.text()).contains("does not keep its last ledger");
            });
  }

  @Test
  void whatLogCleanUpTookIsNotMissed() {
    commit(102, two, 99);
    commit(103, three, 10);
    chain.end(three);

    assertThat(chain.findings()).isEmpty();
  }

  @Test
  void theFirstLedgerOfAWholeLogIsNumberOne() {
    commit(0, Map.of());
    commit(1, two, 20);

    assertThat(chain.findings())
        .extracting(Finding::text)
        .containsExactly("the first ledger, in version 1, has sequence 2 instead of 1");
  }

  @Test
  void aSkippedOneIsNamedOnce() {
    commit(0, Map.of());
    commit(1, one, 10);
    commit(2, three, 10);
    commit(3, next(three, 31), 1);

    assertThat(chain.findings())
        .extracting(Finding::text)
        .containsExactly(
            "the ledger of version 2 does not follow on the one before: its sequence is 3 where 2"
                + " must follow");
  }

  @Test
  void rowsOtherThanClaimedAreNamed() {
    commit(0, Map.of());
    commit(1, one, 10);
    commit(2, two, 4, 5);

    assertThat(chain.findings())
        .extracting(Finding::text)
        .containsExactly("version 2 added 9 rows and removed 0 files, its ledger says 10 rows");
  }

  @Test
  void filesWithoutCountsAreNoted() {
    commit(0, Map.of());
    commit(1, one, -1);

    assertThat(chain.findings()).isEmpty();
    assertThat(chain.notes()).hasSize(1);
  }

  @Test
  void aMissingVersionIsNamed() {
    commit(0, Map.of());
    commit(1, one, 10);
    commit(4, three, 10);

    assertThat(chain.findings())
        .extracting(Finding::text)
        .containsExactly("the log lacks version 2-3, so its ledgers can't be followed");
  }

  @Test
  void aStateThatIsNotTheLogsLastIsNamed() {
    commit(0, Map.of());
    commit(1, one, 10);
    chain.end(two);

    assertThat(chain.findings())
        .extracting(Finding::text)
        .containsExactly(
            "the last ledger in the log has sequence 1 and 10 rows, the table's state has 2 and"
                + " 20");
  }

  /** What follows on others, with one more row. */
  private static Resolutions redrive(Resolutions before, long offset) {
    ResolutionsEditor editor =
        new ResolutionsEditor(before, new TreeMap<>(Map.of(0, new long[] {3, 5, 7})));
    editor.set(0, offset, Fate.redriven("2026-01-31T00:00:00Z", "me", "a" + offset));
    return editor.build("me", "a" + offset);
  }

  @Test
  void redrivesAddTheRowsThatTheyNote() {
    Resolutions first = redrive(Resolutions.none("s"), 3);
    Resolutions second = redrive(first, 5);
    commit(0, Map.of());
    commit(1, one, 10);
    commit(2, Map.of(REDRIVES, first.toJson()), 1);
    commit(3, two, 10);
    commit(4, Map.of(REDRIVES, second.keptIn("f").toJson()), 1);
    chain.end(two);

    assertThat(chain.findings()).isEmpty();
    assertThat(chain.notes()).isEmpty();
    assertThat(chain.ledgers()).isEqualTo(2);
  }

  @Test
  void aRedriveThatAddsOtherRowsThanItNotesIsNamed() {
    Resolutions first = redrive(Resolutions.none("s"), 3);
    commit(0, Map.of());
    commit(1, Map.of(REDRIVES, first.toJson()), 2);
    commit(2, Map.of(REDRIVES, redrive(first, 5).toJson()));

    assertThat(chain.findings())
        .extracting(Finding::text)
        .containsExactly(
            "version 1 added 2 rows and removed 0 files, its note says 1 redriven dead letters",
            "version 2 added 0 rows and removed 0 files, its note says 1 redriven dead letters");
  }

  @Test
  void aRedriveThatDoesNotFollowIsNamed() {
    Resolutions first = redrive(Resolutions.none("s"), 3);
    Resolutions second = redrive(first, 5);
    commit(0, Map.of());
    commit(1, Map.of(REDRIVES, first.toJson()), 1);
    commit(2, Map.of(REDRIVES, redrive(second, 7).toJson()), 2);
    commit(3, Map.of(REDRIVES, "no JSON"));

    assertThat(chain.findings()).extracting(Finding::kind).containsOnly(Finding.Kind.RESOLUTIONS);
    assertThat(chain.findings())
        .extracting(Finding::text)
        .anySatisfy(text -> assertThat(text).contains("its sequence is 3 where 2 must follow"))
        .anySatisfy(text -> assertThat(text).contains("version 3 can't be read"))
        .hasSize(2);
  }

  @Test
  void aLedgerThatARestoreTookBackIsFollowed() {
    readable.put(2L, two);
    Ledger taken = three.restoredTo(2, Optional.of(two)).takenOver("you", "d");
    commit(0, Map.of());
    commit(1, one, 10);
    commit(2, two, 10);
    commit(3, three, 10);
    commit(4, Map.of());
    commit(5, taken);
    commit(6, next(taken, 40), 20);

    assertThat(chain.findings()).isEmpty();
    assertThat(chain.notes())
        .containsExactly(
            "the table was restored to version 2, and version 5 goes on from that ledger");
  }

  @Test
  void aLedgerThatIsNotThatOfTheVersionRestoredToIsNamed() {
    readable.put(2L, one);
    commit(0, Map.of());
    commit(1, one, 10);
    commit(2, two, 10);
    commit(3, three, 10);
    commit(4, three.restoredTo(2, Optional.of(two)).takenOver("you", "d"));

    assertThat(chain.findings())
        .extracting(Finding::text)
        .singleElement()
        .asString()
        .contains("the ledger of version 4 is not that of version 2", "partition 0");
  }
}
