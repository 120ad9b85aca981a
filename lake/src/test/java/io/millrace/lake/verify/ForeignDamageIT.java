package io.millrace.lake.verify;

import static io.millrace.lake.verify.TestDamage.add;
import static io.millrace.lake.verify.TestDamage.commit;
import static io.millrace.lake.verify.TestDamage.copy;
import static io.millrace.lake.verify.TestDamage.dataFiles;
import static io.millrace.lake.verify.TestDamage.info;
import static io.millrace.lake.verify.TestDamage.remove;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.LocalStack;
import io.millrace.lake.verify.Finding.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What others do to a table that a stream fills: their commits, its log and its checkpoints. */
@ExtendWith(TestBroker.class)
class ForeignDamageIT {
  @TempDir Path directory;

  private TestStream stream;
  private Path firstFile;
  private Path secondFile;

  /** Version 1 has offsets 0-9 of partition 0, version 2 has 10-14. */
  @BeforeEach
  void fill(LocalStack stack) throws Exception {
    stream = new TestStream(stack, directory, 1);
    stream.produce(0, 10);
    stream.ingest();
    firstFile = dataFiles(stream.table).get(0);
    stream.produce(0, 5);
    stream.ingest();
    secondFile =
        dataFiles(stream.table).stream().filter(f -> !f.equals(firstFile)).findFirst().get();
  }

  @Test
  void rowsThatOthersDeleted() throws Exception {
    commit(stream.table, 3, info("DELETE", "{}"), remove(secondFile));

    StreamReport report = stream.verify();

    assertThat(report.deleted()).isEqualTo(5);
    assertThat(report.lost()).isZero();
    assertThat(findings(report))
        .containsExactly(
            "ROWS_DELETED partition 0: 5 rows were taken out of the table by version 3 (DELETE): offsets 10-14");
    assertThat(report.partitions().get(0).verdict()).isEqualTo(Verdict.WRONG);
  }

  @Test
  void ofRowsThatOthersDeletedTwiceTheLastTimeCounts() throws Exception {
    commit(stream.table, 3, info("DELETE", "{}"), remove(secondFile));
    commit(stream.table, 4, info("WRITE", "{}"), add(copy(secondFile)));
    commit(
        stream.table,
        5,
        info("DELETE", "{}"),
        remove(secondFile.resolveSibling("copy-of-" + secondFile.getFileName())));
    commit(stream.table, 6, info("MERGE", "{}"), remove(firstFile));

    assertThat(findings(stream.verify()))
        .containsExactlyInAnyOrder(
            "ROWS_DELETED partition 0: 5 rows were taken out of the table by version 5 (DELETE): offsets 10-14",
            "ROWS_DELETED partition 0: 10 rows were taken out of the table by version 6 (MERGE): offsets 0-9");
  }

  @Test
  void rowsThatOthersWroteAnewAreNotMissed() throws Exception {
    commit(stream.table, 3, info("UPDATE", "{}"), remove(firstFile), add(copy(firstFile)));

    assertThat(stream.verify().findings()).isEmpty();
  }

  @Test
  void deletedRowsWhoseFilesAreGoneStayUnexplained() throws Exception {
    commit(stream.table, 3, info("DELETE", "{}"), remove(secondFile));
    Files.delete(secondFile);

    StreamReport report = stream.verify();

    assertThat(report.lost()).isEqualTo(5);
    assertThat(report.deleted()).isZero();
    assertThat(findings(report))
        .contains("MISSING_ROWS partition 0: 5 delivered records have no row: offsets 10-14");
  }

  @Test
  void aRestoreThatTookRowsBack() throws Exception {
    commit(stream.table, 3, info("RESTORE", "{\"version\":1}"), remove(secondFile));

    assertThat(findings(stream.verify()))
        .containsExactly(
            "TABLE_RESTORED partition 0: 5 rows were taken out of the table by version 3 (RESTORE): offsets 10-14");
  }

  @Test
  void anOverwriteByOthers() throws Exception {
    commit(
        stream.table,
        3,
        info("WRITE", "{\"mode\":\"Overwrite\"}"),
        remove(firstFile),
        remove(secondFile),
        add(copy(firstFile)));

    assertThat(findings(stream.verify()))
        .containsExactly(
            "TABLE_REPLACED partition 0: 5 rows were taken out of the table by version 3 (WRITE): offsets 10-14");
  }

  @Test
  void aFileNamedTwice() throws Exception {
    String again =
        add(firstFile).replace(firstFile.getFileName().toString(), "" + firstFile.toUri());
    commit(stream.table, 3, info("WRITE", "{\"mode\":\"Append\"}"), again);

    assertThat(findings(stream.verify()))
        .containsExactly(
            "DUPLICATE_ROWS partition 0: 10 offsets have more than one row, 10 rows too many: offsets 0-9");
  }

  @Test
  void aMissingCommitFile() throws Exception {
    Path commit = TestDamage.commitFile(stream.table, 1);
    String text = Files.readString(commit);
    Files.delete(commit);

    assertThat(stream.verify().findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.TABLE_UNREADABLE);

    Files.writeString(commit, text);
    TestDamage.checkpoint(stream, 2);
    Files.delete(commit);

    assertThat(findings(stream.verify()))
        .containsExactly("LEDGER_CHAIN the log lacks version 1, so its ledgers can't be followed");
  }

  @Test
  void aCheckpointThatLacksAFile() throws Exception {
    Path commit = TestDamage.commitFile(stream.table, 1);
    String text = Files.readString(commit);
    TestDamage.edit(stream.table, 1, json -> json.replaceAll("(?m)^\\{\"add\":.*$\n?", ""));
    TestDamage.checkpoint(stream, 2);
    Files.writeString(commit, text);

    StreamReport report = stream.verify();

    assertThat(findings(report))
        .contains(
            "TABLE_STATE the table's state lacks 1 files that its commits added and did not remove: "
                + firstFile.getFileName(),
            "MISSING_ROWS partition 0: 10 delivered records have no row: offsets 0-9");
  }

  @Test
  void aCheckpointThatHasARemovedFile() throws Exception {
    commit(
        stream.table,
        3,
        info("OPTIMIZE", "{}"),
        remove(secondFile).replace("true", "false"),
        add(copy(secondFile)).replace("true", "false"));
    assertThat(stream.verify().findings()).isEmpty();
    Path commit = TestDamage.commitFile(stream.table, 3);
    String text = Files.readString(commit);
    Files.writeString(commit, text.replaceAll("(?m)^\\{\"remove\":.*$\n?", ""));
    TestDamage.checkpoint(stream, 3);
    Files.writeString(commit, text);

    assertThat(findings(stream.verify()))
        .contains(
            "TABLE_STATE the table's state has 1 files that its commits removed: "
                + secondFile.getFileName(),
            "DUPLICATE_ROWS partition 0: 5 offsets have more than one row, 5 rows too many: offsets 10-14");
  }

  @Test
  void aLedgerThatWasRemoved() throws Exception {
    commit(
        stream.table,
        3,
        info("SET TBLPROPERTIES", "{}"),
        "{\"domainMetadata\":{\"domain\":\"millrace.ledger.events\",\"configuration\":\"\",\"removed\":true}}");

    StreamReport report = stream.verify();

    assertThat(findings(report))
        .containsExactly(
            "LEDGER_CHAIN version 3 (SET TBLPROPERTIES) removed the ledger",
            "NO_LEDGER the table has no ledger of stream events: nothing was ingested by it yet");
    assertThat(report.verdict()).isEqualTo(Verdict.WRONG);
  }

  /** Without the time, which is that of the commit's file. */
  private static List<String> findings(StreamReport report) {
    return report.findings().stream()
        .map(f -> f.kind() + " " + f.toString().replaceAll(", 20[^)]*Z\\)", ")"))
        .toList();
  }
}
