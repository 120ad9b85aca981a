package io.millrace.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.PinnedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;

/**
 * A commit that replaces the largest data file of a table by one in which a row in the middle is
 * missing and the one before it is there twice, so that no count tells. It calls itself an OPTIMIZE
 * that changed no data. Closing takes it back.
 */
final class PlantedDamage implements AutoCloseable {
  private static final String PREFIX = "planted-";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path commit;
  private final Path file;
  private final Position missing;
  private final Position doubled;

  private PlantedDamage(Path commit, Path file, Position missing, Position doubled) {
    this.commit = commit;
    this.file = file;
    this.missing = missing;
    this.doubled = doubled;
  }

  /** Where a row's record is in Kafka. */
  record Position(int partition, long offset) {
    static Position of(Group row) {
      return new Position(
          row.getInteger(KafkaColumns.DEFAULT.partition().orElseThrow(), 0),
          row.getLong(KafkaColumns.DEFAULT.offset().orElseThrow(), 0));
    }
  }

  /** Plants it into the latest version, once what a run that was killed left is taken back. */
  static PlantedDamage plant(Path table) {
    try {
      takeBackOld(table);
      Configuration hadoop = LakeConfiguration.of(Map.of());
      PinnedTable pinned = PinnedTable.latest(table.toString(), hadoop).orElseThrow();
      PinnedTable.LiveFile whole =
          pinned
              .reading(List.of(KafkaColumns.DEFAULT.offset().orElseThrow()).iterator())
              .files()
              .stream()
              .max(Comparator.comparingLong(PinnedTable.LiveFile::rows))
              .orElseThrow();
      return plant(table, pinned.version() + 1, whole, hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PlantedDamage plant(
      Path table, long version, PinnedTable.LiveFile whole, Configuration hadoop)
      throws IOException {
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(whole.path());
    Path damaged = table.resolve(PREFIX + version + ".parquet");
    Position[] found =
        copy(source, new org.apache.hadoop.fs.Path(damaged.toUri()), whole.rows() / 2, hadoop);
    ObjectNode statistics = JSON.createObjectNode().put("numRecords", whole.rows());
    ObjectNode operation = JSON.createObjectNode().put("operation", "OPTIMIZE");
    ObjectNode remove =
        JSON.createObjectNode()
            .put("path", source.getName())
            .put("deletionTimestamp", 0)
            .put("dataChange", false);
    ObjectNode add =
        JSON.createObjectNode()
            .put("path", damaged.getFileName().toString())
            .put("size", Files.size(damaged))
            .put("modificationTime", 0)
            .put("dataChange", false)
            .put("stats", statistics.toString());
    add.putObject("partitionValues");
    Path commit = table.resolve("_delta_log").resolve("%020d.json".formatted(version));
    Files.write(
        commit,
        List.of(
            JSON.createObjectNode().set("commitInfo", operation).toString(),
            JSON.createObjectNode().set("remove", remove).toString(),
            JSON.createObjectNode().set("add", add).toString()));
    return new PlantedDamage(commit, damaged, found[1], found[0]);
  }

  /** Copies the rows, this one twice and the next one not at all; returns the two. */
  private static Position[] copy(
      org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to, long row, Configuration hadoop)
      throws IOException {
    Position[] found = new Position[2];
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), from).withConf(hadoop).build()) {
      Group group = reader.read();
      try (ParquetWriter<Group> writer =
          ExampleParquetWriter.builder(to)
              .withConf(hadoop)
              .withType(new MessageType("rows", group.getType().getFields()))
              .withCompressionCodec(CompressionCodecName.SNAPPY)
              .build()) {
        for (long i = 1; group != null; i++, group = reader.read()) {
          if (i == row + 1) {
            found[1] = Position.of(group);
            continue;
          }
          writer.write(group);
          if (i == row) {
            found[0] = Position.of(group);
            writer.write(group);
          }
        }
      }
    }
    if (found[0] == null || found[1] == null) {
      throw new MillraceException(
          ExitCode.USAGE,
          "No damage can be planted",
          "the largest data file has fewer than two rows",
          "Ask for more --records");
    }
    return found;
  }

  private static void takeBackOld(Path table) throws IOException {
    try (Stream<Path> entries = Files.list(table)) {
      for (Path file : entries.filter(f -> name(f).startsWith(PREFIX)).toList()) {
        long version =
            Long.parseLong(name(file).substring(PREFIX.length()).replace(".parquet", ""));
        Files.deleteIfExists(table.resolve("_delta_log").resolve("%020d.json".formatted(version)));
        Files.delete(file);
      }
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  Position missing() {
    return missing;
  }

  Position doubled() {
    return doubled;
  }

  @Override
  public void close() {
    try {
      Files.delete(commit);
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
