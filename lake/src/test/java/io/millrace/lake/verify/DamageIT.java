package io.millrace.lake.verify;

import static io.millrace.lake.verify.TestDamage.at;
import static io.millrace.lake.verify.TestDamage.plus;
import static io.millrace.lake.verify.TestDamage.without;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.error.ExitCode;
import io.millrace.core.manifest.Manifest;
import io.millrace.embedded.LocalStack;
import io.millrace.lake.verify.Finding.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables spoiled in every way we could think of: verify must find and name each. */
@ExtendWith(TestBroker.class)
class DamageIT {
  @TempDir Path directory;

  private TestStream stream;

  @BeforeEach
  void fill(LocalStack stack) throws Exception {
    stream = new TestStream(stack, directory, 3);
    stream.produce(0, 20);
    stream.produce(1, 10);
  }

  @Test
  void aDroppedRecord() throws Exception {
    stream.ingest(rows -> without(rows, 0, 13));

    StreamReport report = stream.verify();

    assertThat(report.lost()).isEqualTo(1);
    assertThat(found(report, Kind.MISSING_ROWS))
        .hasToString("partition 0: 1 delivered records have no row: offsets 13");
    assertThat(found(report, Kind.LEDGER_COMMIT).text())
        .isEqualTo("version 1 added 29 rows and removed 0 files, its ledger says 30 rows");
    assertThat(partition(report, 0).verdict()).isEqualTo(Verdict.WRONG);
    assertThat(partition(report, 1).verdict()).isEqualTo(Verdict.PROVEN);
  }

  @Test
  void aRecordWrittenTwice() throws Exception {
    stream.ingest(rows -> plus(rows, rows.get(5)));

    StreamReport report = stream.verify();

    assertThat(report.duplicated()).isEqualTo(1);
    assertThat(report.rows()).isEqualTo(31);
    assertThat(report.lost()).isZero();
    assertThat(found(report, Kind.DUPLICATE_ROWS))
        .hasToString("partition 0: 1 offsets have more than one row, 1 rows too many: offsets 5");
  }

  @Test
  void oneDroppedAndAnotherTwiceSoThatCountsAgree() throws Exception {
    stream.ingest(rows -> plus(without(rows, 0, 3), rows.get(5)));

    StreamReport report = stream.verify();

    assertThat(report.rows()).isEqualTo(report.delivered());
    assertThat(report.lost()).isEqualTo(1);
    assertThat(report.duplicated()).isEqualTo(1);
  }

  @Test
  void aRemovedFile() throws Exception {
    stream.ingest();
    stream.produce(1, 4);
    Path first = TestDamage.dataFiles(stream.table).get(0);
    stream.ingest();
    Files.delete(first);

    StreamReport report = stream.verify();

    assertThat(found(report, Kind.MISSING_FILE).text())
        .contains(first.getFileName().toString(), "(30 rows, partitions 0-1, offsets 0-19)");
    assertThat(report.lost()).isEqualTo(30);
    assertThat(report.rows()).isEqualTo(4);
    assertThat(partition(report, 1).lost()).isEqualTo(10);
  }

  @Test
  void aFileThatIsNoParquetFile() throws Exception {
    stream.ingest();
    Path file = TestDamage.dataFiles(stream.table).get(0);
    Files.write(file, new byte[(int) Files.size(file)]);

    StreamReport report = stream.verify();

    assertThat(found(report, Kind.UNREADABLE_FILE).text()).contains(file.getFileName().toString());
    assertThat(report.lost()).isEqualTo(30);
  }

  @Test
  void rowsTakenByADeletionVector() throws Exception {
    stream.ingest();
    String file = TestDamage.dataFiles(stream.table).get(0).getFileName().toString();
    TestDamage.deleteRows(stream.table, 2, file, (short) 3, (short) 4, (short) 11, (short) 29);

    StreamReport report = stream.verify();

    assertThat(report.rows()).isEqualTo(26);
    assertThat(report.findings())
        .filteredOn(f -> f.kind() == Kind.MISSING_ROWS)
        .extracting(Finding::toString)
        .containsExactly(
            "partition 0: 3 delivered records have no row: offsets 3-4, 11",
            "partition 1: 1 delivered records have no row: offsets 9");
    assertThat(report.findings()).noneMatch(f -> f.kind() == Kind.VALUES_DIFFER);
  }

  @Test
  void aCommitThatIsNoJson() throws Exception {
    stream.ingest();
    TestDamage.edit(stream.table, 1, json -> "{" + json);

    StreamReport report = stream.verify();

    assertThat(report.verdict()).isEqualTo(Verdict.WRONG);
    assertThat(found(report, Kind.TABLE_UNREADABLE).text()).contains("the table can't be read");
  }

  @Test
  void aDoubledFile() throws Exception {
    stream.ingest();
    TestDamage.addCopy(stream.table, 2, TestDamage.dataFiles(stream.table).get(0));

    StreamReport report = stream.verify();

    assertThat(report.duplicated()).isEqualTo(30);
    assertThat(found(report, Kind.DUPLICATE_ROWS).offsets())
        .containsExactly(new OffsetRange(0, 19));
    assertThat(report.notes())
        .contains(
            "version 2 (WRITE) changed data without a ledger entry: 1 files added, 0 removed");
  }

  @Test
  void aLedgerEditedWithinItsSums() throws Exception {
    stream.ingest();
    TestDamage.edit(
        stream.table,
        1,
        json ->
            json.replace("\\\"rows\\\":30", "\\\"rows\\\":29")
                .replace("\\\"nulls\\\":{}", "\\\"nulls\\\":{\\\"0\\\":1}"));

    StreamReport report = stream.verify();

    assertThat(report.findings())
        .extracting(Finding::toString)
        .contains(
            "version 1 added 30 rows and removed 0 files, its ledger says 29 rows",
            "partition 0: the ledger claims 19 rows, the table has rows of 20 offsets",
            "partition 0: the ledger claims 1 null values in [0, 20), Kafka delivered 0 in [0, 20)");
  }

  @Test
  void aLedgerEditedOutOfItsSums() throws Exception {
    stream.ingest();
    TestDamage.edit(stream.table, 1, json -> json.replace("\\\"rows\\\":30", "\\\"rows\\\":31"));

    StreamReport report = stream.verify();

    assertThat(found(report, Kind.LEDGER_INVALID).text())
        .contains("it claims 31 rows, its partitions add up to 30");
    assertThat(report.verdict()).isEqualTo(Verdict.WRONG);
  }

  @Test
  void aLedgerEditedBeyondTheLogsEnd() throws Exception {
    stream.ingest();
    TestDamage.edit(
        stream.table,
        1,
        json ->
            json.replace("\\\"rows\\\":30", "\\\"rows\\\":35")
                .replace("\\\"next\\\":[20,10,0]", "\\\"next\\\":[20,15,0]"));

    StreamReport report = stream.verify();

    assertThat(found(report, Kind.LOG_SHORTER).text())
        .isEqualTo("Kafka's log ends at offset 10, the ledger's next offset is 15");
  }

  @Test
  void aLedgerEntrySkipped() throws Exception {
    stream.ingest();
    stream.produce(0, 5);
    stream.ingest();
    stream.produce(0, 5);
    stream.ingest();
    TestDamage.edit(
        stream.table,
        2,
        json ->
            json.lines().filter(l -> !l.contains("domainMetadata")).toList().stream()
                .reduce("", (a, b) -> a + b + "\n"));

    StreamReport report = stream.verify();

    assertThat(found(report, Kind.LEDGER_CHAIN).text())
        .isEqualTo(
            "the ledger of version 3 does not follow on the one before: its sequence is 3 where 2"
                + " must follow");
  }

  @Test
  void rowsThatKafkaNeverDelivered() throws Exception {
    stream.produceTransaction(2, 2, true);
    stream.ingest(
        rows -> {
          List<TestStream.Row> all = new ArrayList<>(rows);
          all.add(at(rows.get(30), 2));
          all.add(at(rows.get(0), 20_000_000_000L));
          all.add(TestDamage.in(rows.get(0), 9));
          all.add(at(rows.get(0), null));
          return all;
        });

    StreamReport report = stream.verify();

    assertThat(report.unexplained()).isEqualTo(4);
    assertThat(report.findings())
        .extracting(Finding::toString)
        .contains(
            "1 rows have no Kafka partition or offset",
            "partition 0: 1 rows outside the ledger's offsets [0, 20): offsets 20000000000",
            "partition 2: 1 rows whose offset holds no record with a value in Kafka: offsets 2",
            "partition 9: 1 rows, but the ledger has no such partition: offsets 0");
  }

  @Test
  void aChangedValue() throws Exception {
    stream.ingest(
        rows -> {
          List<TestStream.Row> all = new ArrayList<>(rows);
          all.set(22, TestDamage.with(rows.get(22), "name", "another"));
          return all;
        });

    assertThat(stream.verify(VerifyOptions.Values.NEVER).ok()).isTrue();
    StreamReport report = stream.verify();

    assertThat(report.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.kind()).isEqualTo(Kind.VALUES_DIFFER);
              assertThat(f.partition()).isEqualTo(1);
              assertThat(f.text()).contains("column name");
            });
    assertThat(partition(report, 1).verdict()).isEqualTo(Verdict.WRONG);
    assertThat(partition(report, 0).verdict()).isEqualTo(Verdict.PROVEN);
  }

  @ParameterizedTest
  @CsvSource({"DATE, 2023-11-14, 2023-11-15", "HOUR, 2023-11-14-22, 2023-11-14-23"})
  void rowsInAnotherTablePartition(
      PartitionBy.Unit unit, String right, String wrong, LocalStack stack) throws Exception {
    TestStream partitioned =
        new TestStream(
            stack,
            directory.resolve("partitioned"),
            1,
            KafkaColumns.DEFAULT,
            Optional.of(new PartitionBy("at", unit, "part")));
    partitioned.produce(0, 5);
    partitioned.ingest(rows -> rows, Map.of("part", right));
    assertThat(partitioned.verify().findings()).isEmpty();
    partitioned.produce(0, 5);
    partitioned.ingest(rows -> rows, Map.of("part", wrong));

    assertThat(found(partitioned.verify(), Kind.VALUES_DIFFER).text()).contains("column part");
  }

  @Test
  void valuesOfTwoRowsSwapped() throws Exception {
    stream.ingest(
        rows -> {
          List<TestStream.Row> all = new ArrayList<>(rows);
          all.set(1, at(rows.get(2), 1));
          all.set(2, at(rows.get(1), 2));
          return all;
        });

    assertThat(found(stream.verify(), Kind.VALUES_DIFFER).partition()).isZero();
  }

  @Test
  void aManifestWithAnotherHashOrCount() throws Exception {
    stream.ingest();
    Manifest honest = stream.manifest();
    Manifest.Entry first = honest.partitions().get(0);
    Manifest.Entry second = honest.partitions().get(1);
    Manifest.Entry otherHash = Manifest.Entry.of(0, 20, 0, 0, 19, first.hashValue() + 1);
    Manifest.Entry moreRecords = Manifest.Entry.of(1, 11, 0, 0, 9, second.hashValue());

    VerifyReport report =
        stream.verify(
            VerifyOptions.Values.NEVER,
            new Manifest(
                Manifest.FORMAT, stream.topic, honest.topicId(), List.of(otherHash, moreRecords)));

    assertThat(report.exitCode()).isEqualTo(ExitCode.ANSWER_IS_NO);
    StreamReport checked = report.streams().get(0);
    assertThat(found(checked, Kind.MANIFEST_HASH).partition()).isZero();
    assertThat(found(checked, Kind.MANIFEST_COUNT))
        .hasToString("partition 1: 11 records acknowledged in offsets 0-9, 10 are in the table");
  }

  @Test
  void acknowledgedButNotIngested() throws Exception {
    stream.ingest();
    stream.produce(1, 1);
    stream.produce(2, 1);

    VerifyReport report = stream.verify(VerifyOptions.Values.NEVER, stream.manifest());

    assertThat(report.streams().get(0).findings())
        .extracting(Finding::toString)
        .containsExactly(
            "partition 1: acknowledged up to offset 10, ingested up to 9",
            "partition 2: acknowledged up to offset 0, ingested up to -1");
    assertThat(report.streams().get(0).behind()).isEqualTo(2);
  }

  private static Finding found(StreamReport report, Kind kind) {
    return report.findings().stream()
        .filter(f -> f.kind() == kind)
        .findFirst()
        .orElseThrow(() -> new AssertionError("No " + kind + " in " + report.findings()));
  }

  private static PartitionReport partition(StreamReport report, int partition) {
    return report.partitions().stream()
        .filter(p -> p.partition() == partition)
        .findFirst()
        .orElseThrow();
  }
}
