package io.millrace.lake.verify;

import io.millrace.lake.verify.TestStream.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Ways to spoil a table. */
final class TestDamage {
  private TestDamage() {}

  static List<Row> plus(List<Row> rows, Row more) {
    List<Row> all = new ArrayList<>(rows);
    all.add(more);
    return all;
  }

  static List<Row> without(List<Row> rows, int partition, long offset) {
    return rows.stream().filter(r -> r.partition() != partition || r.offset() != offset).toList();
  }

  /** The same row under another offset; null for none. */
  static Row at(Row row, Long offset) {
    return new Row(row.partition(), offset, row.millis(), row.value());
  }

  static Row at(Row row, long offset) {
    return at(row, Long.valueOf(offset));
  }

  static Row in(Row row, int partition) {
    return new Row(partition, row.offset(), row.millis(), row.value());
  }

  /** The same row with another Kafka timestamp. */
  static Row sent(Row row, long millis) {
    return new Row(row.partition(), row.offset(), millis, row.value());
  }

  static Row with(Row row, String field, Object value) {
    GenericRecord changed = new GenericData.Record((GenericData.Record) row.value(), true);
    changed.put(field, value);
    return new Row(row.partition(), row.offset(), row.millis(), changed);
  }

  /** The table's Parquet files. */
  static List<Path> dataFiles(String table) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(table))) {
      return files.filter(f -> f.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  static Path commitFile(String table, long version) {
    return Path.of(table, "_delta_log", "%020d.json".formatted(version));
  }

  /** Rewrites one commit and removes its checksum, as one who edits by hand would. */
  static void edit(String table, long version, UnaryOperator<String> change) throws IOException {
    Path file = commitFile(table, version);
    String before = Files.readString(file);
    String after = change.apply(before);
    if (after.equals(before)) {
      throw new IllegalArgumentException("The edit changed nothing in " + before);
    }
    Files.writeString(file, after);
    Files.deleteIfExists(Path.of(table, "_delta_log", "%020d.crc".formatted(version)));
  }

  /** Commits a copy of a data file under another name, as one who knows no ledger would. */
  static void addCopy(String table, long version, Path file) throws IOException {
    Path copy = file.resolveSibling("copy-of-" + file.getFileName());
    Files.copy(file, copy);
    String add =
        """
        {"commitInfo":{"operation":"WRITE"}}
        {"add":{"path":"%s","partitionValues":{},"size":%d,"modificationTime":0,"dataChange":true}}
        """
            .formatted(copy.getFileName(), Files.size(copy));
    Files.write(commitFile(table, version), add.getBytes(StandardCharsets.UTF_8));
  }
}
