package io.millrace.lake.verify;

import io.delta.kernel.Table;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.deletionvectors.Base85Codec;
import io.millrace.lake.verify.TestStream.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;

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

  /** Changes values in the only data file of version 1, and the log so that it can be read. */
  static void changeValues(TestStream stream, UnaryOperator<Group> change) throws IOException {
    Path file = dataFiles(stream.table).get(0);
    long before = Files.size(file);
    TestRows.rewrite(stream.hadoop, new org.apache.hadoop.fs.Path(file.toUri()), change);
    long after = Files.size(file);
    if (after != before) {
      edit(stream.table, 1, json -> json.replace("\"size\":" + before, "\"size\":" + after));
    }
  }

  /** Whether it is the row of that partition and offset. */
  static boolean is(Group row, int partition, long offset) {
    return row.getInteger("kafka_partition", 0) == partition
        && row.getLong("kafka_offset", 0) == offset;
  }

  /** Marks rows of a data file as deleted by an inline deletion vector, as another engine would. */
  static void deleteRows(String table, long version, String file, short... rows)
      throws IOException {
    String created = Files.readString(commitFile(table, 0));
    String features = created.replaceAll("(?s).*\"writerFeatures\":\\[([^]]*)].*", "$1").strip();
    byte[] vector = deletionVector(rows);
    String actions =
        """
        {"commitInfo":{"operation":"DELETE"}}
        {"protocol":{"minReaderVersion":3,"minWriterVersion":7,\
        "readerFeatures":["deletionVectors"],"writerFeatures":["deletionVectors",%s]}}
        {"remove":{"path":"%s","dataChange":true,"deletionTimestamp":0}}
        {"add":{"path":"%s","partitionValues":{},"size":%d,"modificationTime":0,\
        "dataChange":true,"deletionVector":{"storageType":"i","pathOrInlineDv":"%s",\
        "sizeInBytes":%d,"cardinality":%d}}}
        """
            .formatted(
                features,
                file,
                file,
                Files.size(Path.of(table, file)),
                Base85Codec.encodeBytes(vector),
                vector.length,
                rows.length);
    Files.writeString(commitFile(table, version), actions);
  }

  /**
   * The Delta protocol's "Deletion Vector Format" with one 32-bit bitmap in RoaringBitmap's
   * portable format: one array container. {@code rows} ascending, an even number of them, so that
   * the length is a multiple of four as its base-85 form needs.
   */
  private static byte[] deletionVector(short... rows) {
    ByteBuffer bytes = ByteBuffer.allocate(32 + 2 * rows.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(1_681_511_377).putLong(1).putInt(0);
    bytes.putInt(12_346).putInt(1).putShort((short) 0).putShort((short) (rows.length - 1));
    bytes.putInt(16);
    for (short row : rows) {
      bytes.putShort(row);
    }
    return bytes.array();
  }

  /** A line of a commit that says what was done. */
  static String info(String operation, String parameters) {
    return "{\"commitInfo\":{\"operation\":\"%s\",\"operationParameters\":%s}}"
        .formatted(operation, parameters);
  }

  /** A line of a commit that takes a data file out of the table. */
  static String remove(Path file) {
    return "{\"remove\":{\"path\":\"%s\",\"dataChange\":true,\"deletionTimestamp\":0}}"
        .formatted(file.getFileName());
  }

  /** A line of a commit that brings a data file, without statistics. */
  static String add(Path file) throws IOException {
    return ("{\"add\":{\"path\":\"%s\",\"partitionValues\":{},\"size\":%d,\"modificationTime\":0,"
            + "\"dataChange\":true}}")
        .formatted(file.getFileName(), Files.size(file));
  }

  /** Commits such lines, as an engine that knows no ledger would. */
  static void commit(String table, long version, String... lines) throws IOException {
    Files.write(commitFile(table, version), List.of(lines));
  }

  /** Writes a checkpoint of what the log says now. */
  static void checkpoint(TestStream stream, long version) throws IOException {
    Engine engine = DefaultEngine.create(stream.hadoop);
    Table.forPath(engine, stream.table).checkpoint(engine, version);
  }

  /** Commits a copy of a data file under another name, as one who knows no ledger would. */
  static void addCopy(String table, long version, Path file) throws IOException {
    commit(table, version, info("WRITE", "{\"mode\":\"Append\"}"), add(copy(file)));
  }

  /** A copy of a data file under another name. */
  static Path copy(Path file) throws IOException {
    return Files.copy(file, file.resolveSibling("copy-of-" + file.getFileName()));
  }
}
