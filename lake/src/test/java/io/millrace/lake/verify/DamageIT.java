package io.millrace.lake.verify;

import static io.millrace.lake.verify.TestDamage.at;
import static io.millrace.lake.verify.TestDamage.is;
import static io.millrace.lake.verify.TestDamage.plus;
import static io.millrace.lake.verify.TestDamage.without;
import static io.millrace.lake.verify.TestRows.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
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
    assertThat(report.lost()).isZero();
    assertThat(report.deleted()).isEqualTo(4);
    assertThat(report.findings())
        .extracting(f -> f.toString().replaceAll(", 20.*Z\\)", ")"))
        .containsExactly(
            "partition 0: 3 rows were taken out of the table by version 2 (DELETE): offsets 3-4, 11",
            "partition 1: 1 rows were taken out of the table by version 2 (DELETE): offsets 9");
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
  void rowsThatOthersInsertedOnceMore() throws Exception {
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
        json -> json.replace("\\\"rows\\\":30", "\\\"rows\\\":29,\\\"nulls\\\":{\\\"0\\\":1}"));

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
    stream.ingest();
    TestDamage.changeValues(
        stream, row -> is(row, 1, 2) ? with(row, "name", Binary.fromString("another")) : row);

    assertThat(stream.verify(VerifyOptions.Values.NEVER).ok()).isTrue();
    VerifyReport whole = stream.verify(VerifyOptions.Values.ALWAYS);

    StreamReport report = whole.streams().get(0);
    assertThat(report.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.kind()).isEqualTo(Kind.VALUES_DIFFER);
              assertThat(f)
                  .hasToString(
                      "partition 1: 1 value differs from the topic's in column name: offsets 2");
              assertThat(f.values())
                  .containsExactly(new ValueDifference(2, "name", "\"nämé 22\"", "\"another\""));
            });
    assertThat(partition(report, 1).verdict()).isEqualTo(Verdict.WRONG);
    assertThat(partition(report, 0).verdict()).isEqualTo(Verdict.PROVEN);
    assertThat(whole.toText())
        .contains("offset 2, column name: \"nämé 22\" in the topic, \"another\" in the table");
    assertThat(new ObjectMapper().valueToTree(whole).at("/streams/0/findings/0/values/0"))
        .hasToString(
            "{\"offset\":2,\"column\":\"name\",\"topic\":\"\\\"nämé 22\\\"\","
                + "\"table\":\"\\\"another\\\"\"}");
  }

  @Test
  void aRowOfARecordThatTheColumnsCantHold() throws Exception {
    GenericRecord event = stream.event();
    event.put("at", Long.MAX_VALUE / 2); // its microseconds don't fit a long
    stream.produce(1, stream.payload(event));
    stream.ingest();
    long offset = stream.ledger().partitions().get(1).next() - 1;

    assertThat(stream.verify().findings())
        .singleElement()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.UNSTORABLE_ROWS))
        .hasToString(
            "partition 1: 1 row is of a record that the table's columns can't hold (such values"
                + " are in at): offsets "
                + offset);
  }

  @Test
  void severalChangedValuesOfOneBlock() throws Exception {
    stream.ingest();
    TestDamage.changeValues(
        stream,
        row -> {
          if (is(row, 0, 7)) {
            Group all = with(with(row, "id", 70L), "at", 1_700_000_000_131_001L);
            all = with(with(all, "day", 18_000), "ok", true);
            all = with(with(all, "ratio", -0.5), "kafka_timestamp", 0L);
            return with(all, "raw", Binary.fromConstantByteArray(new byte[] {1, (byte) 0xff}));
          }
          boolean emptied = row.getInteger("kafka_partition", 0) == 1;
          return emptied ? with(row, "name", null) : row;
        });

    List<Finding> findings = stream.verify().findings();

    assertThat(findings)
        .extracting(Finding::toString)
        .contains(
            "partition 0: 1 value differs from the topic's in column id: offsets 7",
            "partition 0: 1 value differs from the topic's in column kafka_timestamp: offsets 7",
            // Every fifth has no name anyway.
            "partition 1: 8 values differ from the topic's in column name: offsets 1-4, 6-9")
        .hasSize(8);
    assertThat(findings.stream().flatMap(f -> f.values().stream()))
        .contains(
            new ValueDifference(7, "id", "7", "70"),
            new ValueDifference(7, "at", "2023-11-14T22:13:20.130Z", "2023-11-14T22:13:20.131001Z"),
            new ValueDifference(7, "day", "2022-01-15", "2019-04-14"),
            new ValueDifference(7, "ok", "false", "true"),
            new ValueDifference(7, "ratio", Double.toString((double) (7 / 3f)), "-0.5"),
            new ValueDifference(7, "raw", "0x070102", "0x01ff"))
        .filteredOn(v -> v.column().equals("name"))
        .extracting(ValueDifference::offset, ValueDifference::table)
        .containsExactly(tuple(1L, "null"), tuple(2L, "null"), tuple(3L, "null"));
  }

  @Test
  void changedValuesInMoreBlocksThanAreLookedAtAgain(LocalStack stack) throws Exception {
    TestStream wide = new TestStream(stack, directory.resolve("wide"), 20);
    for (int partition = 0; partition < 20; partition++) {
      wide.produce(partition, 3);
    }
    wide.ingest();
    TestDamage.changeValues(
        wide, row -> row.getLong("kafka_offset", 0) == 1 ? with(row, "id", -1L) : row);

    StreamReport report = wide.verify();

    assertThat(report.findings()).hasSize(20).allMatch(f -> f.kind() == Kind.VALUES_DIFFER);
    assertThat(report.findings().subList(0, 16))
        .extracting(Finding::text, Finding::offsets)
        .containsOnly(
            tuple("1 value differs from the topic's in column id", List.of(new OffsetRange(1, 1))));
    assertThat(report.findings().subList(16, 20))
        .extracting(Finding::text, Finding::offsets)
        .containsOnly(
            tuple(
                "values differ from the topic's, somewhere in these ranges (1 block; only 16 are"
                    + " looked at value by value)",
                List.of(new OffsetRange(0, 2))));
  }

  @Test
  void aChangedValueBesideADroppedRecord() throws Exception {
    stream.ingest(rows -> without(rows, 0, 13));
    TestDamage.changeValues(stream, row -> is(row, 0, 12) ? with(row, "id", 0L) : row);

    assertThat(stream.verify().findings())
        .extracting(Finding::toString)
        .contains(
            "partition 0: 1 delivered records have no row: offsets 13",
            "partition 0: 1 value differs from the topic's in column id: offsets 12");
  }

  @Test
  void aChangedValueInAFileWhoseStatisticsLie() throws Exception {
    stream.ingest();
    TestDamage.changeValues(stream, row -> is(row, 0, 12) ? with(row, "id", 0L) : row);
    TestDamage.edit(
        stream.table,
        1,
        json -> json.replace("\\\"kafka_offset\\\":0", "\\\"kafka_offset\\\":1000"));

    assertThat(found(stream.verify(), Kind.VALUES_DIFFER))
        .hasToString("partition 0: 1 value differs from the topic's in column id: offsets 12");
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

    assertThat(found(partitioned.verify(), Kind.VALUES_DIFFER))
        .hasToString("partition 0: 5 values differ from the topic's in column part: offsets 5-9")
        .satisfies(f -> assertThat(f.values()).hasSize(3).contains(shown(right, wrong, unit)));
  }

  private static ValueDifference shown(String right, String wrong, PartitionBy.Unit unit) {
    String quote = unit == PartitionBy.Unit.HOUR ? "\"" : "";
    return new ValueDifference(5, "part", quote + right + quote, quote + wrong + quote);
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

    assertThat(found(stream.verify(), Kind.VALUES_DIFFER))
        .hasToString("partition 0: 2 values differ from the topic's in column id: offsets 1-2");
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
  void aManifestOfAnotherTopic() throws Exception {
    stream.ingest();
    Manifest other =
        new Manifest(
            Manifest.FORMAT,
            stream.topic,
            "b7cA3oyzTiuVN1v0RFHvZw",
            stream.manifest().partitions());

    assertThat(stream.verify(VerifyOptions.Values.NEVER, other).streams().get(0).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.MANIFEST_TOPIC));
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
