package io.millrace.lake.verify;

import static io.millrace.lake.verify.TestDamage.without;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.MillraceConfig;
import io.millrace.embedded.LocalStack;
import io.millrace.lake.deadletter.DeadLetter;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.deadletter.ErrorClass;
import io.millrace.lake.verify.Finding.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each record is a row or a dead letter, wherever the writer dies; what is not so is named. */
@ExtendWith(TestBroker.class)
class DeadLettersIT {
  @TempDir Path directory;

  private TestStream stream;
  private String deadTable;

  /** Partition 0: ten rows, dead letters at 10 and 11, a row at 12. Partition 1: five rows. */
  @BeforeEach
  void fill(LocalStack stack) throws Exception {
    stream = new TestStream(stack, directory, 2);
    deadTable = DeadLetterTable.path(stream.table);
    stream.produce(0, 10);
    stream.produce(0, new byte[] {1, 2, 3});
    stream.produce(0, new byte[0]);
    stream.produce(0, 1);
    stream.produce(1, 5);
  }

  @Test
  void deadLettersAreCountedAndNotLost() throws Exception {
    stream.ingest();
    stream.produce(1, new byte[] {9});
    stream.produceNull(1);
    stream.ingest();

    StreamReport report = verify();

    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.PROVEN);
    assertThat(report.rows()).isEqualTo(16);
    assertThat(report.deadLetters()).isEqualTo(3);
    assertThat(report.lost()).isZero();
    assertThat(report.delivered()).isEqualTo(20);
    assertThat(report.valuesCompared()).isEqualTo(16);
    assertThat(report.partitions().get(0).deadLetters()).isEqualTo(2);
    assertThat(report.partitions().get(1).deadLetters()).isEqualTo(1);
    assertThat(stream.verify(VerifyOptions.Values.ALWAYS, stream.manifest()).toText())
        .contains("3 dead letters", "in the table or a dead letter, exactly once");
  }

  @Test
  void verifyFinishesWhatACrashBetweenTheCommitsLeft() throws Exception {
    stream.ingestAndDie();
    assertThat(Path.of(deadTable, "_delta_log")).doesNotExist();

    StreamReport report = verify();

    assertThat(report.findings()).isEmpty();
    assertThat(report.deadLetters()).isEqualTo(2);
    assertThat(TestDamage.commitFile(deadTable, 1)).exists();
    assertThat(verify().findings()).isEmpty();
    assertThat(TestDamage.commitFile(deadTable, 2)).doesNotExist();
  }

  @Test
  void theNextWriterFinishesWhatACrashLeft() throws Exception {
    stream.ingestAndDie();
    stream.rollForward();
    stream.rollForward();
    assertThat(TestDamage.commitFile(deadTable, 1)).exists();
    assertThat(TestDamage.commitFile(deadTable, 2)).doesNotExist();

    stream.produce(1, new byte[] {9});
    stream.ingestAndDie();
    stream.produce(1, new byte[] {8});
    stream.ingest();

    assertThat(TestDamage.commitFile(deadTable, 3)).exists();
    StreamReport report = verify();
    assertThat(report.findings()).isEmpty();
    assertThat(report.deadLetters()).isEqualTo(4);
    assertThat(stream.ledger().pending()).extracting(f -> f.sequence()).containsExactly(3L);
  }

  @Test
  void whatCannotBeBroughtIntoItsTableIsReadWhereItLies() throws Exception {
    stream.ingestAndDie();
    Files.writeString(Path.of(deadTable, "no table of ours"), "");

    StreamReport report = verify();

    assertThat(report.findings()).isEmpty();
    assertThat(report.deadLetters()).isEqualTo(2);
    assertThat(report.notes())
        .singleElement()
        .satisfies(note -> assertThat(note).contains("commit 1", "no table of ours"));
    assertThat(Path.of(deadTable, "_delta_log")).doesNotExist();
  }

  @Test
  void aRemovedFileOfDeadLetters() throws Exception {
    stream.ingest();
    Path file = TestDamage.dataFiles(deadTable).get(0);
    Files.delete(file);

    StreamReport report = verify();

    assertThat(found(report, Kind.MISSING_FILE).text())
        .contains("file of dead letters", file.getFileName().toString());
    assertThat(found(report, Kind.MISSING_ROWS))
        .hasToString(
            "partition 0: 2 delivered records are neither a row nor a dead letter: offsets 10-11");
    assertThat(found(report, Kind.LEDGER_COUNTS).text())
        .isEqualTo("the ledger claims 2 dead letters, there are dead letters of 0 offsets");
    assertThat(report.lost()).isEqualTo(2);
  }

  @Test
  void aPendingFileThatIsGone() throws Exception {
    stream.ingestAndDie();
    Files.delete(TestDamage.dataFiles(deadTable).get(0));

    assertThat(found(verify(), Kind.MISSING_FILE).text()).contains("file of dead letters");
  }

  @Test
  void theTableOfDeadLettersIsGone() throws Exception {
    stream.ingest();
    stream.produce(1, 1);
    stream.ingest();
    Files.move(Path.of(deadTable), directory.resolve("elsewhere"));

    assertThat(found(verify(), Kind.MISSING_ROWS).offsets())
        .containsExactly(new OffsetRange(10, 11));
  }

  @Test
  void aTableOfDeadLettersThatWasRestored() throws Exception {
    stream.ingest();
    Path before = TestDamage.dataFiles(deadTable).get(0);
    stream.produce(1, new byte[] {9});
    stream.ingest();
    Path after =
        TestDamage.dataFiles(deadTable).stream().filter(f -> !f.equals(before)).findFirst().get();
    TestDamage.commit(
        deadTable, 3, TestDamage.info("RESTORE", "{\"version\":1}"), TestDamage.remove(after));

    assertThat(verify().findings())
        .extracting(Finding::toString)
        .contains(
            "partition 1: 1 delivered records are neither a row nor a dead letter: offsets 5",
            "partition 1: the ledger claims 1 dead letters, there are dead letters of 0 offsets");
  }

  @Test
  void deadLettersThatOthersDeleted() throws Exception {
    stream.ingest();
    String file = TestDamage.dataFiles(deadTable).get(0).getFileName().toString();
    TestDamage.deleteRows(deadTable, 2, file, (short) 0, (short) 1);

    assertThat(verify().findings())
        .extracting(Finding::toString)
        .contains(
            "partition 0: 2 delivered records are neither a row nor a dead letter: offsets 10-11",
            "partition 0: the ledger claims 2 dead letters, there are dead letters of 0 offsets");
  }

  @Test
  void aRowThatIsADeadLetterToo() throws Exception {
    stream.ingestDead(dead -> plus(dead, letter(0, 4, new byte[] {4})));

    StreamReport report = verify();

    assertThat(found(report, Kind.ROW_AND_DEAD_LETTER))
        .hasToString("partition 0: 1 offsets are a row and a dead letter: offsets 4");
    assertThat(found(report, Kind.LEDGER_COUNTS).text())
        .isEqualTo("the ledger claims 2 dead letters, there are dead letters of 3 offsets");
    assertThat(report.duplicated()).isEqualTo(1);
    assertThat(report.findings()).noneMatch(f -> f.kind() == Kind.VALUES_DIFFER);
    assertThat(report.partitions().get(1).verdict()).isEqualTo(Verdict.PROVEN);
  }

  @Test
  void aDeadLetterTwice() throws Exception {
    stream.ingestDead(dead -> plus(dead, dead.get(0)));

    StreamReport report = verify();

    assertThat(found(report, Kind.DUPLICATE_DEAD_LETTERS))
        .hasToString(
            "partition 0: 1 offsets have more than one dead letter, 1 too many: offsets 10");
    assertThat(report.duplicated()).isEqualTo(1);
    assertThat(report.deadLetters()).isEqualTo(3);
  }

  @Test
  void aDeadLetterOfAnotherOffset() throws Exception {
    stream.ingestDead(dead -> List.of(dead.get(0), letter(0, 999, new byte[0])));

    StreamReport report = verify();

    assertThat(found(report, Kind.UNEXPLAINED_DEAD_LETTERS).text())
        .isEqualTo("1 dead letters outside the ledger's offsets [0, 13)");
    assertThat(found(report, Kind.MISSING_ROWS).offsets()).containsExactly(new OffsetRange(11, 11));
  }

  @Test
  void aDeadLetterWithOtherBytes() throws Exception {
    assertDiffers(was -> with(was, was.timestampMillis(), was.key(), new byte[] {1, 2, 4}, "h"));
  }

  @Test
  void aDeadLetterWithoutItsKey() throws Exception {
    assertDiffers(was -> with(was, was.timestampMillis(), null, was.value(), "h"));
  }

  @Test
  void aDeadLetterOfAnotherTime() throws Exception {
    assertDiffers(was -> with(was, was.timestampMillis() + 1, was.key(), was.value(), "h"));
  }

  @Test
  void aDeadLetterWithAnotherHeader() throws Exception {
    assertDiffers(was -> with(was, was.timestampMillis(), was.key(), was.value(), "H"));
  }

  /** The dead letter at offset 13 has a key and headers. */
  private void assertDiffers(UnaryOperator<DeadLetter> change) throws Exception {
    stream.produceWithHeader(0, "key", "h", new byte[] {5});
    stream.ingestDead(dead -> List.of(dead.get(0), dead.get(1), change.apply(dead.get(2))));

    StreamReport report = verify();

    assertThat(report.findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.DEAD_LETTERS_DIFFER);
    assertThat(found(report, Kind.DEAD_LETTERS_DIFFER).offsets())
        .containsExactly(new OffsetRange(10, 11), new OffsetRange(13, 13));
    assertThat(report.partitions().get(0).verdict()).isEqualTo(Verdict.WRONG);
  }

  @Test
  void keysAndHeadersAreProvenToo() throws Exception {
    stream.produceWithHeader(0, "key", "h", new byte[] {5});
    stream.ingest();

    StreamReport report = verify();

    assertThat(report.findings()).isEmpty();
    assertThat(report.deadLetters()).isEqualTo(3);
  }

  private static DeadLetter with(
      DeadLetter was, long millis, byte[] key, byte[] value, String header) {
    return new DeadLetter(
        was.topic(),
        was.partition(),
        was.offset(),
        millis,
        key,
        value,
        new RecordHeaders().add(header, new byte[] {1}).add(header, null),
        was.schemaId(),
        was.errorClass(),
        was.message());
  }

  @Test
  void aDroppedRowAndADeadLetterMoreDoNotMakeUpForEachOther() throws Exception {
    stream.ingest(rows -> without(rows, 0, 3));

    StreamReport report = verify();

    assertThat(found(report, Kind.MISSING_ROWS).offsets()).containsExactly(new OffsetRange(3, 3));
    assertThat(report.deadLetters()).isEqualTo(2);
  }

  @Test
  void deadLettersOfLaterCommitsDoNotCount() throws Exception {
    stream.ingest();
    stream.produce(0, new byte[] {7});
    stream.produce(1, new byte[] {7});
    stream.ingest();
    // As if the second commit had come between verify's looks at the two tables.
    Files.delete(TestDamage.commitFile(stream.table, 2));
    Files.deleteIfExists(Path.of(stream.table, "_delta_log", "%020d.crc".formatted(2)));

    StreamReport report = verify();

    assertThat(report.findings()).isEmpty();
    assertThat(report.deadLetters()).isEqualTo(2);
    assertThat(report.behind()).isEqualTo(2);
  }

  @Test
  void anEditedLedger() throws Exception {
    stream.ingest();
    TestDamage.edit(
        stream.table,
        1,
        json ->
            json.replace("\\\"rows\\\":16,", "\\\"rows\\\":17,")
                .replace("\\\"dead\\\":{\\\"0\\\":2}", "\\\"dead\\\":{\\\"0\\\":1}"));

    StreamReport report = verify();

    assertThat(report.findings())
        .filteredOn(f -> f.kind() == Kind.LEDGER_COUNTS)
        .extracting(Finding::toString)
        .containsExactlyInAnyOrder(
            "partition 0: the ledger claims 12 rows, the table has rows of 11 offsets",
            "partition 0: the ledger claims 1 dead letters, there are dead letters of 2 offsets");
    assertThat(report.findings())
        .filteredOn(f -> f.kind() == Kind.LEDGER_COMMIT)
        .extracting(Finding::text)
        .contains("version 1 has files of 2 dead letters, its ledger says 1");
  }

  @Test
  void withoutKafkaDeadLettersAreCheckedByTheLedger() throws Exception {
    stream.ingest();
    stream.produce(1, 3);
    stream.ingestAndDie();
    MillraceConfig nobody = stream.config("localhost:1");

    StreamReport report = stream.verify(nobody, VerifyOptions.Values.NEVER).streams().get(0);

    assertThat(report.verdict()).isEqualTo(Verdict.UNREACHABLE);
    assertThat(report.deadLetters()).isEqualTo(2);
    assertThat(report.uncheckable()).isEqualTo(21);
  }

  private StreamReport verify() {
    return stream.verify();
  }

  private static List<DeadLetter> plus(List<DeadLetter> letters, DeadLetter more) {
    List<DeadLetter> all = new ArrayList<>(letters);
    all.add(more);
    return all;
  }

  private DeadLetter letter(int partition, long offset, byte[] value) {
    return new DeadLetter(
        stream.topic,
        partition,
        offset,
        0,
        null,
        value,
        new RecordHeaders(),
        null,
        ErrorClass.MALFORMED,
        "made up");
  }

  private static Finding found(StreamReport report, Kind kind) {
    return report.findings().stream()
        .filter(f -> f.kind() == kind)
        .findFirst()
        .orElseThrow(() -> new AssertionError(kind + " is not in " + report.findings()));
  }
}
