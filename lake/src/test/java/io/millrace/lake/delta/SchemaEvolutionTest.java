package io.millrace.lake.delta;

import static io.millrace.lake.delta.TestFiles.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.TableManager;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.internal.types.DataTypeJsonSerDe;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.DataFile;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaEvolutionTest {
  private static final String STREAM = "events";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final StructType MORE = new StructType().add("more", LongType.LONG);

  @TempDir Path directory;

  private final Configuration hadoop = LakeConfiguration.of(Map.of());

  @Test
  void filesWithAndWithoutTheNewColumnAreReadTogether() throws IOException {
    try (DeltaTable table = create(Map.of())) {
      Ledger ledger = append(table, TestFiles.start(STREAM), rows(0, 0, 10));
      DataFile writtenBefore = TestFiles.write(hadoop, table.path(), rows(0, 10, 20));
      List<Column> columns = new ArrayList<>(TestFiles.LAYOUT.columns());
      columns.add(new Column("more", ColumnType.LONG, Column.Role.FIELD));

      assertThat(table.evolve(new TableLayout(columns))).isEmpty();

      assertThat(table.version()).isEqualTo(2);
      assertThat(table.layout(KafkaColumns.DEFAULT).columns()).isEqualTo(columns);
      ledger = ledger.advance(List.of(rows(0, 10, 20)), "before");
      table.commit(List.of(writtenBefore), ledger);
      ledger = appendMore(table, ledger, rows(0, 20, 30));
      assertThat(table.evolve(new TableLayout(columns))).isEmpty();
      assertThat(table.version()).as("nothing left to add").isEqualTo(4);
      append(table, ledger, rows(0, 30, 40));
    }
    assertThat(TableRows.longs(path(), hadoop, "kafka_offset"))
        .containsExactlyElementsOf(LongStream.range(0, 40).boxed().toList());
    assertThat(TableRows.longs(path(), hadoop, "more"))
        .containsExactlyElementsOf(LongStream.range(20, 30).boxed().toList());
  }

  @Test
  void theCommitChangesTheSchemaAndNothingElse() throws IOException {
    try (DeltaTable table = create(Map.of("custom", "kept"))) {
      new ForeignWriter(path(), hadoop)
          .changeMetadata(
              "{\\\"name\\\":\\\"name\\\",\\\"type\\\":\\\"string\\\",\\\"nullable\\\":true,"
                  + "\\\"metadata\\\":{}}",
              "{\\\"name\\\":\\\"name\\\",\\\"type\\\":\\\"string\\\",\\\"nullable\\\":true,"
                  + "\\\"metadata\\\":{\\\"comment\\\":\\\"who\\\",\\\"n\\\":[1,2],"
                  + "\\\"o\\\":{\\\"x\\\":1.5}}},"
                  + "{\\\"name\\\":\\\"theirs\\\",\\\"type\\\":\\\"long\\\",\\\"nullable\\\":false,"
                  + "\\\"metadata\\\":{}}");
      assertThat(table.version()).isZero();
    }
    ObjectNode before = (ObjectNode) action(1, "metaData");
    try (DeltaTable table = DeltaTable.open(path(), hadoop).orElseThrow()) {
      assertThat(table.evolveTo(MORE)).isEmpty();
      assertThat(table.version()).isEqualTo(2);
    }
    assertThat(actions(2)).extracting(node -> node.fieldNames().next()).contains("commitInfo");
    assertThat(actions(2)).hasSize(2);
    ObjectNode after = (ObjectNode) action(2, "metaData");
    ObjectNode schema = (ObjectNode) JSON.readTree(after.remove("schemaString").asText());
    ObjectNode expected = (ObjectNode) JSON.readTree(before.remove("schemaString").asText());
    expected.withArray("fields").add(JSON.readTree(MORE.toJson()).at("/fields/0"));
    assertThat(schema).isEqualTo(expected);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void columnsOfTwoWritersAreBothThere() throws IOException {
    try (DeltaTable table = create(Map.of());
        DeltaTable other = DeltaTable.open(path(), hadoop).orElseThrow()) {
      Ledger ledger = append(table, TestFiles.start(STREAM), rows(0, 0, 10));
      assertThat(other.evolveTo(new StructType().add("theirs", LongType.LONG))).isEmpty();
      new ForeignWriter(path(), hadoop).append(rows(7, 0, 3));

      assertThat(table.evolveTo(MORE.add("theirs", StringType.STRING)))
          .extracting(SchemaRefusal::toString)
          .containsExactly("column theirs is long in the table and can't become string");

      appendMore(table, ledger, rows(0, 10, 20));
      assertThat(table.version()).isEqualTo(5);
      assertThat(table.layout(KafkaColumns.DEFAULT).columns())
          .extracting(Column::name)
          .containsExactly("name", "kafka_partition", "kafka_offset", "theirs", "more");
    }
    assertThat(TableRows.longs(path(), hadoop, "kafka_offset")).hasSize(23);
    assertThat(TableRows.longs(path(), hadoop, "more")).hasSize(10);
  }

  @Test
  void aNestedColumnGainsMembers() {
    StructType first =
        new StructType()
            .add("s", new StructType().add("list", new ArrayType(member("x"), true)))
            .add("m", new MapType(StringType.STRING, member("x"), true));
    StructType second =
        new StructType()
            .add("s", new StructType().add("list", new ArrayType(member("y"), true)))
            .add("m", new MapType(StringType.STRING, member("y"), true));
    try (DeltaTable table = create(Map.of())) {
      assertThat(table.evolveTo(first)).isEmpty();
      assertThat(table.evolveTo(second)).isEmpty();
    }
    StructType both = member("x").add("y", LongType.LONG);
    assertThat(schema())
        .isEqualTo(
            DeltaSchema.of(TestFiles.LAYOUT, Optional.empty())
                .add("s", new StructType().add("list", new ArrayType(both, true)))
                .add("m", new MapType(StringType.STRING, both, true)));
  }

  private static StructType member(String name) {
    return new StructType().add(name, LongType.LONG);
  }

  @Test
  void laterChecksumsAndCheckpointsHoldTheNewSchema() throws IOException {
    try (DeltaTable table = create(Map.of("delta.checkpointInterval", "4"))) {
      Ledger ledger = append(table, TestFiles.start(STREAM), rows(0, 0, 10));
      table.evolveTo(MORE);
      for (int batch = 1; batch < 5; batch++) {
        ledger = appendMore(table, ledger, rows(0, batch * 10L, batch * 10L + 10));
      }
      assertThat(table.version()).isEqualTo(6);
    }
    assertThat(crcSchema(6)).isEqualTo(schema()).extracting(StructType::length).isEqualTo(4);
    long checkpoint =
        log().stream()
            .filter(name -> name.contains(".checkpoint."))
            .mapToLong(name -> Long.parseLong(name.substring(0, 20)))
            .max()
            .orElseThrow();
    assertThat(checkpoint).isGreaterThan(2);
    for (String name : log()) {
      boolean old = !name.startsWith("_") && Long.parseLong(name.substring(0, 20)) < checkpoint;
      if (name.endsWith(".crc") || (name.endsWith(".json") && old)) {
        Files.delete(directory.resolve("t/_delta_log").resolve(name));
      }
    }

    assertThat(schema())
        .isEqualTo(DeltaSchema.of(TestFiles.LAYOUT, Optional.empty()).add("more", LongType.LONG));
    assertThat(TableRows.longs(path(), hadoop, "kafka_offset")).hasSize(50);
    assertThat(TableRows.longs(path(), hadoop, "more"))
        .containsExactlyElementsOf(LongStream.range(10, 50).boxed().toList());
  }

  @Test
  void theChecksumOfTheChangeItselfHoldsTheNewSchema() throws IOException {
    try (DeltaTable table = create(Map.of())) {
      table.evolveTo(MORE);
    }
    assertThat(crcSchema(1)).isEqualTo(schema());
    assertThat(schema().indexOf("more")).isEqualTo(3);
  }

  @Test
  void inCommitTimestampsGoOn() throws IOException {
    try (DeltaTable table = create(Map.of("delta.enableInCommitTimestamps", "true"))) {
      Ledger ledger = append(table, TestFiles.start(STREAM), rows(0, 0, 10));
      table.evolveTo(MORE);
      appendMore(table, ledger, rows(0, 10, 20));
    }
    List<Long> times = new ArrayList<>();
    for (int version = 0; version <= 3; version++) {
      times.add(actions(version).get(0).at("/commitInfo/inCommitTimestamp").asLong());
    }
    assertThat(times).doesNotHaveDuplicates().isSorted().doesNotContain(0L);
  }

  @Test
  void timestampsWithoutZoneBringTheirFeature() throws IOException {
    try (DeltaTable table = create(Map.of())) {
      Ledger ledger = append(table, TestFiles.start(STREAM), rows(0, 0, 10));
      table.evolveTo(new StructType().add("local", TimestampNTZType.TIMESTAMP_NTZ));
      append(table, ledger, rows(0, 10, 20));
    }
    JsonNode protocol = action(2, "protocol");
    assertThat(protocol.get("minReaderVersion").asInt()).isEqualTo(3);
    assertThat(protocol.get("readerFeatures"))
        .extracting(JsonNode::asText)
        .containsExactly("timestampNtz");
    assertThat(protocol.get("writerFeatures"))
        .extracting(JsonNode::asText)
        .contains("timestampNtz", "domainMetadata");
    assertThat(TableRows.longs(path(), hadoop, "kafka_offset")).hasSize(20);
  }

  @Test
  void partitionColumnsStayWhereTheyAre() throws IOException {
    Optional<PartitionBy> by = Optional.of(new PartitionBy("at", PartitionBy.Unit.DATE, "day"));
    Taken range = rows(0, 0, 10);
    try (DeltaTable table = DeltaTable.create(path(), hadoop, TestFiles.LAYOUT, by, Map.of())) {
      assertThat(table.evolveTo(MORE.add("Day", StringType.STRING)))
          .extracting(SchemaRefusal::path)
          .containsExactly("Day");
      DataFile file =
          TestFiles.write(hadoop, path(), range, "day=2026-11-22", Map.of("day", "2026-11-22"));
      table.commit(List.of(file), TestFiles.start(STREAM).advance(List.of(range), "a"));
      assertThat(table.partitionColumns()).containsExactly("day");
    }
    assertThat(schema().fieldNames())
        .containsExactly("name", "kafka_partition", "kafka_offset", "day", "more");
    assertThat(TableRows.longs(path(), hadoop, "kafka_offset")).hasSize(10);
  }

  @Test
  void aLostAnswerAndAFailureAreMadeGood() throws IOException {
    create(Map.of()).close();
    Configuration faulty =
        LakeConfiguration.of(
            Map.of("io.delta.kernel.logStore.file.impl", FaultyLogStore.class.getName()));
    CommitRetries noWait = new CommitRetries(millis -> {}, new Random(1));
    try (DeltaTable table = DeltaTable.open(path(), faulty, noWait).orElseThrow()) {
      Ledger ledger = append(table, TestFiles.start(STREAM), rows(0, 0, 10));
      FaultyLogStore.failAfter.set(1);
      assertThat(table.evolveTo(MORE)).isEmpty();
      assertThat(table.version()).isEqualTo(2);
      FaultyLogStore.failBefore.set(2);
      assertThat(table.evolveTo(new StructType().add("again", LongType.LONG))).isEmpty();
      appendMore(table, ledger, rows(0, 10, 20));
      assertThat(table.version()).isEqualTo(4);
    }
    assertThat(schema().fieldNames())
        .containsExactly("name", "kafka_partition", "kafka_offset", "more", "again");
    assertThat(TableRows.longs(path(), hadoop, "more")).hasSize(10);
  }

  @Test
  void aColumnThatIsGoneMeanwhileStopsTheChange() throws IOException {
    try (DeltaTable table = create(Map.of())) {
      new ForeignWriter(path(), hadoop)
          .changeMetadata("\\\"name\\\":\\\"name\\\"", "\\\"name\\\":\\\"renamed\\\"");
      assertThatThrownBy(() -> table.evolveTo(MORE))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
          .hasMessageContaining("column name is gone");
      assertThatThrownBy(() -> table.evolveTo(MORE)).isInstanceOf(IllegalStateException.class);
    }
    assertThat(log()).doesNotContain("%020d.json".formatted(2));
  }

  @Test
  void columnMappingIsRefused() {
    try (DeltaTable table = create(Map.of())) {
      new ForeignWriter(path(), hadoop).setProperty("delta.columnMapping.mode", "name");
      assertThatThrownBy(() -> table.evolveTo(MORE))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessageContaining("column mapping");
    }
  }

  @Test
  void aTableWithConstraintsThatWeDoNotCheckIsLeftAlone() throws IOException {
    try (DeltaTable table = create(Map.of("custom", "none"))) {
      ForeignWriter other = new ForeignWriter(path(), hadoop);
      other.changeMetadata("\"custom\":\"none\"", "\"delta.constraints.c\":\"kafka_offset >= 0\"");
      other.changeAction(
          "protocol", "\"domainMetadata\"", "\"domainMetadata\",\"checkConstraints\"");
      assertThatThrownBy(() -> table.evolveTo(MORE))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
          .hasMessageContaining("checkConstraints");
    }
    assertThat(log()).doesNotContain("%020d.json".formatted(3));
  }

  @Test
  void readingTheTableAnewHidesNoOtherWriter() throws IOException {
    try (DeltaTable old = create(Map.of());
        DeltaTable empty = DeltaTable.open(path(), hadoop).orElseThrow()) {
      assertThat(empty.ledger("second")).isEmpty();
      Ledger ledger = append(old, TestFiles.start(STREAM), rows(0, 0, 10));
      try (DeltaTable young = DeltaTable.open(path(), hadoop).orElseThrow()) {
        Ledger current = young.ledger(STREAM).orElseThrow();
        young.commit(List.of(), current.takenOver("the newcomer", "take-over"));
      }

      old.evolveTo(MORE);
      assertThatThrownBy(() -> append(old, ledger, rows(0, 10, 20)))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("the newcomer");
      empty.evolveTo(new StructType().add("other", LongType.LONG));
      assertThatThrownBy(() -> append(empty, TestFiles.start("second"), rows(0, 0, 10)))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("belongs to stream " + STREAM);
    }
    assertThat(TableRows.longs(path(), hadoop, "kafka_offset")).hasSize(10);
  }

  private String path() {
    return "file:" + directory.resolve("t");
  }

  private DeltaTable create(Map<String, String> properties) {
    return DeltaTable.create(path(), hadoop, TestFiles.LAYOUT, Optional.empty(), properties);
  }

  private Ledger append(DeltaTable table, Ledger ledger, Taken range) throws IOException {
    return commit(table, ledger, range, TestFiles.write(hadoop, table.path(), range));
  }

  private Ledger appendMore(DeltaTable table, Ledger ledger, Taken range) throws IOException {
    return commit(table, ledger, range, TestFiles.writeWith("more", hadoop, table.path(), range));
  }

  private static Ledger commit(DeltaTable table, Ledger ledger, Taken range, DataFile file) {
    Ledger next = ledger.advance(List.of(range), UUID.randomUUID().toString());
    table.commit(List.of(file), next);
    return next;
  }

  private StructType schema() {
    return TableManager.loadSnapshot(path()).build(DefaultEngine.create(hadoop)).getSchema();
  }

  private List<String> log() throws IOException {
    try (var files = Files.list(directory.resolve("t/_delta_log"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private List<JsonNode> actions(long version) throws IOException {
    List<JsonNode> actions = new ArrayList<>();
    for (String line :
        Files.readAllLines(directory.resolve("t/_delta_log/%020d.json".formatted(version)))) {
      actions.add(JSON.readTree(line));
    }
    return actions;
  }

  private JsonNode action(long version, String kind) throws IOException {
    return actions(version).stream()
        .filter(action -> action.has(kind))
        .findFirst()
        .orElseThrow()
        .get(kind);
  }

  /** The schema in a version's checksum file. */
  private StructType crcSchema(long version) throws IOException {
    JsonNode checksum =
        JSON.readTree(directory.resolve("t/_delta_log/%020d.crc".formatted(version)).toFile());
    return DataTypeJsonSerDe.deserializeStructType(checksum.at("/metadata/schemaString").asText());
  }
}
