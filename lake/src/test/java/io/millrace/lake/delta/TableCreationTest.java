package io.millrace.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.PartitionBy;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableCreationTest {
  @TempDir Path directory;

  private final Configuration hadoop = LakeConfiguration.of(Map.of());

  @Test
  void defaultsAreSetAndTheUserHasTheLastWord() throws IOException {
    create(directory.resolve("t"), Map.of("delta.checkpointInterval", "7")).close();

    String commit = Files.readString(directory.resolve("t/_delta_log/00000000000000000000.json"));
    assertThat(commit)
        .contains("\"delta.checkpointInterval\":\"7\"")
        .contains("\"delta.logRetentionDuration\":\"interval 2 days\"")
        .contains("\"minReaderVersion\":1")
        .contains("\"writerFeatures\":[")
        .contains("domainMetadata");
  }

  @Test
  void nothingThereIsNoTable() {
    assertThat(DeltaTable.open(directory.resolve("missing").toString(), hadoop)).isEmpty();
    assertThat(DeltaTable.open(directory.toString(), hadoop)).isEmpty();
  }

  @Test
  void aDirectoryWithOtherFilesIsLeftAlone() throws IOException {
    Files.writeString(directory.resolve("thesis.txt"), "mine");
    assertThatFails(() -> create(directory, Map.of()), ExitCode.USAGE, "thesis.txt");
    assertThat(directory.resolve("_delta_log")).doesNotExist();
  }

  @Test
  void aSecondTableAtOnePathIsRefused() {
    create(directory.resolve("t"), Map.of()).close();
    assertThatFails(
        () -> create(directory.resolve("t"), Map.of()), ExitCode.USAGE, "there is one already");
  }

  @Test
  void aPathThatCannotBeADirectoryIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatFails(() -> create(file.resolve("t"), Map.of()), ExitCode.UNREACHABLE, file + "/t");
    assertThatFails(
        () -> create(Path.of("/proc/millrace/t"), Map.of()),
        ExitCode.UNREACHABLE,
        "/proc/millrace/t");
  }

  @Test
  void anUnknownFileSystemIsNamed() {
    assertThatFails(
        () -> DeltaTable.open("ftps3://bucket/t", hadoop), ExitCode.UNREACHABLE, "ftps3");
  }

  @Test
  void aRefusedPropertyIsNamed() {
    assertThatFails(
        () -> create(directory.resolve("t"), Map.of("delta.checkpointInterval", "often")),
        ExitCode.USAGE,
        "often");
    assertThatFails(
        () -> create(directory.resolve("t"), Map.of("delta.noSuchProperty", "1")),
        ExitCode.USAGE,
        "delta.noSuchProperty");
  }

  @Test
  void columnMappingIsRefusedAtCreationAndLater() throws IOException {
    assertThatFails(
        () -> create(directory.resolve("t"), Map.of("delta.columnmapping.mode", "name")),
        ExitCode.USAGE,
        "column mapping");
    create(directory.resolve("t"), Map.of()).close();
    new ForeignWriter(directory.resolve("t").toUri().toString(), hadoop)
        .setProperty("delta.columnMapping.mode", "name");
    assertThatFails(
        () -> DeltaTable.open(directory.resolve("t").toString(), hadoop),
        ExitCode.USAGE,
        "column mapping");
  }

  @Test
  void aDamagedLogIsNotTakenForAnEmptyTable() throws IOException {
    create(directory.resolve("t"), Map.of()).close();
    Path log = directory.resolve("t/_delta_log");
    Files.writeString(log.resolve("00000000000000000002.json"), "{}\n");
    assertThatFails(
        () -> DeltaTable.open(directory.resolve("t").toString(), hadoop), ExitCode.PROTECTED, "t");
  }

  @Test
  void theDerivedColumnIsAPartitionColumn() {
    for (PartitionBy.Unit unit : PartitionBy.Unit.values()) {
      String path = directory.resolve(unit.name()).toString();
      Optional<PartitionBy> by = Optional.of(new PartitionBy("at", unit, "day"));
      DeltaTable.create(path, hadoop, TestFiles.LAYOUT, by, Map.of()).close();
      try (DeltaTable table = DeltaTable.open(path, hadoop).orElseThrow()) {
        assertThat(table.partitionColumns()).containsExactly("day");
      }
    }
  }

  private DeltaTable create(Path path, Map<String, String> properties) {
    return DeltaTable.create(
        path.toString(), hadoop, TestFiles.LAYOUT, Optional.empty(), properties);
  }

  private static void assertThatFails(ThrowingCallable call, ExitCode code, String value) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
        .hasMessageContaining(value);
  }
}
