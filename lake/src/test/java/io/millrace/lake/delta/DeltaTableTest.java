package io.millrace.lake.delta;

import static io.millrace.lake.delta.TestFiles.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.StructVector;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.Compression;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.DataFile;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import io.millrace.lake.parquet.ColumnFileWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeltaTableTest {
  private static final String STREAM = "events";

  @TempDir Path directory;

  private static final CommitRetries NO_WAIT = new CommitRetries(millis -> {}, new Random(1));

  private final Configuration hadoop = LakeConfiguration.of(Map.of());

  @Test
  void committedRowsAndLedgerAreReadBack() throws IOException {
    String path = directory.resolve("a table").toString();
    Ledger ledger = TestFiles.start(STREAM);
    try (DeltaTable table = create(path, Map.of())) {
      for (int batch = 0; batch < 5; batch++) {
        ledger = append(table, ledger, rows(0, batch * 10L, batch * 10L + 10));
      }
      assertThat(table.version()).isEqualTo(5);
    }

    assertThat(TableRows.longs("file:" + path, hadoop, "kafka_offset"))
        .containsExactlyElementsOf(LongStream.range(0, 50).boxed().toList());
    try (DeltaTable reopened = DeltaTable.open(path, hadoop).orElseThrow()) {
      assertThat(reopened.version()).isEqualTo(5);
      assertThat(reopened.path()).isEqualTo("file:" + path);
      assertThat(reopened.ledger(STREAM)).contains(ledger);
      assertThat(reopened.layout(KafkaColumns.DEFAULT)).isEqualTo(TestFiles.LAYOUT);
    }
    try (var files = Files.walk(directory)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("."));
    }
  }

  @Test
  void statisticsAreInTheLogAsTheFilesTaskWroteThem() throws IOException {
    String path = "file:" + directory.resolve("decimals");
    ColumnType decimal = ColumnType.decimal(38, 10);
    ColumnType inner = ColumnType.struct(List.of(Column.field("d", decimal)));
    TableLayout layout =
        new TableLayout(
            List.of(
                Column.field("s", inner), Column.field("l", ColumnType.list(ColumnType.FLOAT))));
    ColumnBatch batch = new ColumnBatch(layout);
    StructVector structs = (StructVector) batch.vector(0);
    BigInteger unscaled = new BigInteger("99999999999999999999999999999999999999");
    ((BytesVector) structs.member(0)).append(unscaled.toByteArray(), 0, 16);
    structs.endValue();
    batch.vector(1).appendNull();
    batch.endRow();
    DataFile file;
    try (DeltaTable table = DeltaTable.create(path, hadoop, layout, Optional.empty(), Map.of())) {
      ColumnFileWriter writer =
          ColumnFileWriter.open(
              hadoop,
              new org.apache.hadoop.fs.Path(path, "part.parquet"),
              Map.of(),
              layout,
              Compression.ZSTD,
              1 << 20);
      writer.write(batch, null, 0);
      file = writer.close();
      table.commit(List.of(file), TestFiles.start(STREAM).advance(List.of(rows(0, 0, 1)), "a"));
    }

    JsonNode stats = null;
    for (String line :
        Files.readAllLines(Path.of(URI.create(path + "/_delta_log/" + version(1))))) {
      JsonNode add = new ObjectMapper().readTree(line).get("add");
      stats = add == null ? stats : add.get("stats");
    }
    assertThat(stats.asText())
        .isEqualTo(file.statistics())
        .isEqualTo(
            """
            {"numRecords":1,"minValues":{"s":{"d":9999999999999999999999999999.9999999999}},\
            "maxValues":{"s":{"d":9999999999999999999999999999.9999999999}},\
            "nullCount":{"s":{"d":0},"l":1}}""");
  }

  @ParameterizedTest
  @CsvSource({"HOUR, 2026-11-22-16", "DATE, 2026-11-22"})
  void partitionedFilesKeepTheirValues(PartitionBy.Unit unit, String value) throws IOException {
    String path = "file:" + directory.resolve("parted");
    Optional<PartitionBy> by = Optional.of(new PartitionBy("at", unit, "day"));
    Map<String, String> unknown = new HashMap<>();
    unknown.put("day", null);
    Taken first = rows(0, 0, 10);
    Taken second = rows(1, 0, 5);
    try (DeltaTable table = DeltaTable.create(path, hadoop, TestFiles.LAYOUT, by, Map.of())) {
      List<DataFile> files =
          List.of(
              TestFiles.write(hadoop, path, first, "day=" + value, Map.of("day", value)),
              TestFiles.write(hadoop, path, first, "day=" + value, Map.of("day", value)),
              TestFiles.write(hadoop, path, second, "day=__HIVE_DEFAULT_PARTITION__", unknown));
      table.commit(files, TestFiles.start(STREAM).advance(List.of(first, second), "a"));

      assertThat(table.partitionColumns()).containsExactly("day");
      assertThat(table.layout(KafkaColumns.DEFAULT)).isEqualTo(TestFiles.LAYOUT);
    }
    assertThat(TableRows.longs(path, hadoop, "kafka_offset")).hasSize(25);
    assertThat(Files.readString(Path.of(URI.create(path + "/_delta_log/" + version(1)))))
        .contains("\"path\":\"day=" + value + "/")
        .contains("\"partitionValues\":{\"day\":\"" + value + "\"}");
  }

  @Test
  void appendsAndPropertyChangesOfOthersDoNotStopTheStream() throws IOException {
    String path = "file:" + directory.resolve("shared");
    ForeignWriter other = new ForeignWriter(path, hadoop);
    Ledger ledger = TestFiles.start(STREAM);
    try (DeltaTable table = create(path, Map.of())) {
      ledger = append(table, ledger, rows(0, 0, 10));
      other.append(rows(7, 0, 3));
      ledger = append(table, ledger, rows(0, 10, 20));
      other.setProperty("delta.checkpointInterval", "50");
      other.append(rows(7, 3, 6));
      ledger = append(table, ledger, rows(0, 20, 30));
      other.changeMetadata(
          "\\\"fields\\\":[",
          "\\\"fields\\\":[{\\\"name\\\":\\\"added\\\",\\\"type\\\":\\\"string\\\","
              + "\\\"nullable\\\":true,\\\"metadata\\\":{}},");
      ledger = append(table, ledger, rows(0, 30, 40));
      assertThat(table.version()).isEqualTo(8);
    }
    assertThat(TableRows.longs(path, hadoop, "kafka_offset")).hasSize(46);
    assertThat(Path.of(URI.create(path + "/_delta_log/" + "%020d.crc".formatted(8))))
        .as("the checksum that spares the next commits a look through the log")
        .exists();
    try (DeltaTable reopened = DeltaTable.open(path, hadoop).orElseThrow()) {
      assertThat(reopened.ledger(STREAM)).contains(ledger);
      assertThat(reopened.layout(KafkaColumns.DEFAULT).columns()).hasSize(4);
    }
  }

  @Test
  void aRemovedColumnStopsTheStream() throws IOException {
    String path = "file:" + directory.resolve("narrowed");
    try (DeltaTable table = create(path, Map.of())) {
      Ledger ledger = append(table, TestFiles.start(STREAM), rows(0, 0, 10));
      new ForeignWriter(path, hadoop)
          .changeMetadata("\\\"name\\\":\\\"name\\\"", "\\\"name\\\":\\\"renamed\\\"");

      assertThatThrownBy(() -> append(table, ledger, rows(0, 10, 20)))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
          .hasMessageContaining("column name is gone");
    }
    assertThat(TableRows.longs(path, hadoop, "kafka_offset")).hasSize(10);
  }

  @Test
  void theNewestWriterWinsAndTheOldOneLearnsWhoItIs() throws IOException {
    String path = "file:" + directory.resolve("taken over");
    try (DeltaTable old = create(path, Map.of());
        DeltaTable young = DeltaTable.open(path, hadoop).orElseThrow()) {
      Ledger oldLedger = append(old, TestFiles.start(STREAM), rows(0, 0, 10));
      Ledger youngLedger;
      try (DeltaTable current = DeltaTable.open(path, hadoop).orElseThrow()) {
        youngLedger = current.ledger(STREAM).orElseThrow().takenOver("the newcomer", "take-over");
        current.commit(List.of(), youngLedger);
      }

      assertThatThrownBy(() -> append(old, oldLedger, rows(0, 10, 20)))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
          .hasMessageContaining("the newcomer")
          .hasMessageContaining("epoch 2");
      assertThatThrownBy(() -> append(old, oldLedger, rows(0, 10, 20)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> append(young, TestFiles.start(STREAM), rows(0, 0, 10)))
          .as("opened before the stream's first commit")
          .isInstanceOf(MillraceException.class);
    }
    assertThat(TableRows.longs(path, hadoop, "kafka_offset")).hasSize(10);
  }

  @Test
  void aTableWithRowsOfUnknownOriginIsRefused() throws IOException {
    String path = "file:" + directory.resolve("theirs");
    create(path, Map.of()).close();
    new ForeignWriter(path, hadoop).append(rows(0, 0, 5));
    try (DeltaTable table = DeltaTable.open(path, hadoop).orElseThrow()) {
      assertThatThrownBy(() -> table.ledger(STREAM))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
          .hasMessageContaining("already holds data");
    }
  }

  @Test
  void aSecondStreamIsRefusedEvenWhereTheFirstHasNoRowsYet() throws IOException {
    try (DeltaTable table = create("file:" + directory.resolve("one stream"), Map.of())) {
      table.commit(List.of(), TestFiles.start(STREAM).advance(List.of(), "first"));
      assertThatThrownBy(() -> table.ledger("other"))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
          .hasMessageContaining("belongs to stream " + STREAM);
    }
  }

  @Test
  void aLostAnswerIsRecognisedAsOurOwnCommit() throws IOException {
    String path = "file:" + directory.resolve("lost answers");
    create(path, Map.of()).close();
    try (DeltaTable table = DeltaTable.open(path, faulty(), NO_WAIT).orElseThrow()) {
      Ledger ledger = append(table, TestFiles.start(STREAM), rows(0, 0, 10));
      FaultyLogStore.failAfter.set(1);
      ledger = append(table, ledger, rows(0, 10, 20));
      FaultyLogStore.failBefore.set(2);
      ledger = append(table, ledger, rows(0, 20, 30));
      append(table, ledger, rows(0, 30, 40));
      assertThat(table.version()).isEqualTo(4);
    }
    assertThat(TableRows.longs(path, hadoop, "kafka_offset"))
        .containsExactlyElementsOf(LongStream.range(0, 40).boxed().toList());
  }

  @Test
  void aRestoreOnTopOfACommitWhoseAnswerWasLostStopsTheNextOne() throws IOException {
    String path = "file:" + directory.resolve("restored");
    create(path, Map.of()).close();
    try (DeltaTable table = DeltaTable.open(path, faulty(), NO_WAIT).orElseThrow()) {
      Ledger first = append(table, TestFiles.start(STREAM), rows(0, 0, 10));
      FaultyLogStore.meanwhile.set(() -> new ForeignWriter(path, hadoop).restore(1));
      FaultyLogStore.failAfter.set(1);
      Ledger ledger = append(table, first, rows(0, 10, 20));

      assertThatThrownBy(() -> append(table, ledger, rows(0, 20, 30)))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
          .hasMessageContaining("version 3 (RESTORE)");
    }
  }

  @Test
  void aRestoreToAnEarlierGenerationIsRefused() throws IOException {
    String path = "file:" + directory.resolve("generations");
    try (DeltaTable table = create(path, Map.of())) {
      Ledger ends = append(table, TestFiles.start(STREAM), rows(0, 0, 10));
      table.addGenerations();
      Ledger begins = ends.nextGeneration("anew", ends.clusterId(), Map.of(0, 0L), "begins");
      long version = table.beginGeneration(begins, ends);
      assertThat(PinnedTable.at(path, hadoop, version).domain("millrace.closed-1." + STREAM))
          .contains(ends.toJson());
      Ledger goesOn = append(table, begins, rows(0, 0, 5));
      assertThat(goesOn.generation()).isEqualTo(2);
    }
    new ForeignWriter(path, hadoop).restore(1);

    try (DeltaTable table = DeltaTable.open(path, hadoop).orElseThrow()) {
      assertThatThrownBy(() -> table.restoration(STREAM))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
          .hasMessageContaining("of generation 1 of the topic; the stream is in generation 2");
    }
  }

  @Test
  void aTableWithAColumnOfThatNameTakesNoOtherGeneration() {
    String path = "file:" + directory.resolve("named");
    Column own = Column.field("kafka_generation", ColumnType.INT);
    try (DeltaTable table =
        DeltaTable.create(
            path, hadoop, new TableLayout(List.of(own)), Optional.empty(), Map.of())) {
      assertThatThrownBy(table::addGenerations)
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessageContaining("it has a column of its own that is named kafka_generation");
    }
  }

  @Test
  void whoIsBeatenToACommitCanTakeOverWhatTheOtherCommitted() throws IOException {
    String path = "file:" + directory.resolve("beaten");
    try (DeltaTable old = create(path, Map.of())) {
      Ledger first = append(old, TestFiles.start(STREAM), rows(0, 0, 10));
      try (DeltaTable young = DeltaTable.open(path, hadoop).orElseThrow()) {
        Ledger seen = young.ledger(STREAM).orElseThrow();
        Ledger second = append(old, first, rows(0, 10, 20));

        assertThatThrownBy(() -> young.commit(List.of(), seen.takenOver("young", "a")))
            .isInstanceOf(LedgerMovedException.class);
        assertThat(young.ledger(STREAM)).contains(second);
        young.commit(List.of(), second.takenOver("young", "b"));

        assertThatThrownBy(() -> append(old, second, rows(0, 20, 30)))
            .hasMessageContaining("its owner is young, epoch 2");
      }
    }
  }

  @Test
  void storageThatStaysAwayEndsTheCommit() throws IOException {
    String path = "file:" + directory.resolve("unreachable");
    create(path, Map.of()).close();
    try (DeltaTable table = DeltaTable.open(path, faulty(), NO_WAIT).orElseThrow()) {
      FaultyLogStore.failBefore.set(Integer.MAX_VALUE);
      assertThatThrownBy(() -> append(table, TestFiles.start(STREAM), rows(0, 0, 10)))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
          .hasMessageContaining(path)
          .hasMessageContaining("no answer");
    } finally {
      FaultyLogStore.failBefore.set(0);
    }
  }

  @Test
  void aLedgerThatDoesNotFollowIsNotCommitted() throws IOException {
    try (DeltaTable table = create("file:" + directory.resolve("order"), Map.of())) {
      Ledger ledger = append(table, TestFiles.start(STREAM), rows(0, 0, 10));
      assertThatThrownBy(() -> table.commit(List.of(), ledger))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sequence");
      append(table, ledger, rows(0, 10, 20));
    }
  }

  @Test
  void checkpointsAndCleanUpKeepTheLogShort() throws IOException {
    String path = "file:" + directory.resolve("long log");
    Ledger ledger = TestFiles.start(STREAM);
    try (DeltaTable table =
        create(
            path,
            Map.of(
                "delta.checkpointInterval",
                "20",
                "delta.logRetentionDuration",
                "interval 0 days"))) {
      for (int batch = 0; batch < 300; batch++) {
        ledger = append(table, ledger, rows(0, batch, batch + 1));
      }
      assertThat(table.version()).isEqualTo(300);
    }
    List<String> log;
    try (var files = Files.list(Path.of(URI.create(path.replace(" ", "%20") + "/_delta_log")))) {
      log = files.map(Path::toString).sorted().toList();
    }
    assertThat(log).hasSizeLessThan(150).noneMatch(name -> name.contains("/."));
    assertThat(LogCleanup.orphans(log.iterator())).isEmpty();
    List<Long> checkpoints =
        log.stream()
            .map(name -> name.substring(name.lastIndexOf('/') + 1))
            .filter(name -> name.contains(".checkpoint."))
            .map(name -> Long.parseLong(name.substring(0, 20)))
            .toList();
    assertThat(checkpoints).isNotEmpty();
    for (int i = 1; i < checkpoints.size(); i++) {
      assertThat(checkpoints.get(i) - checkpoints.get(i - 1)).as("written twice").isGreaterThan(1);
    }
    try (DeltaTable reopened = DeltaTable.open(path, hadoop).orElseThrow()) {
      assertThat(reopened.version()).isEqualTo(300);
      assertThat(reopened.ledger(STREAM)).contains(ledger);
    }
    assertThat(TableRows.longs(path, hadoop, "kafka_offset"))
        .containsExactlyElementsOf(LongStream.range(0, 300).boxed().toList());
  }

  private static String version(long version) {
    return "%020d.json".formatted(version);
  }

  private static Configuration faulty() {
    return LakeConfiguration.of(
        Map.of("io.delta.kernel.logStore.file.impl", FaultyLogStore.class.getName()));
  }

  private DeltaTable create(String path, Map<String, String> properties) {
    return DeltaTable.create(path, hadoop, TestFiles.LAYOUT, Optional.empty(), properties);
  }

  private Ledger append(DeltaTable table, Ledger ledger, Taken range) throws IOException {
    DataFile file = TestFiles.write(hadoop, table.path(), range);
    Ledger next = ledger.advance(List.of(range), UUID.randomUUID().toString());
    table.commit(List.of(file), next);
    return next;
  }
}
