package io.millrace.lake.delta;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.lake.DataFile;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** A small table and data files for it, written by parquet-java's own example writer. */
final class TestFiles {
  static final TableLayout LAYOUT =
      new TableLayout(
          List.of(
              new Column("name", ColumnType.STRING, Column.Role.FIELD),
              new Column("kafka_partition", ColumnType.INT, Column.Role.KAFKA_PARTITION),
              new Column("kafka_offset", ColumnType.LONG, Column.Role.KAFKA_OFFSET)));

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message row { optional binary name (STRING);"
              + " optional int32 kafka_partition; optional int64 kafka_offset; }");

  private TestFiles() {}

  /** As {@link #write(Configuration, String, Taken)}, with one more column of the offsets. */
  static DataFile writeWith(String column, Configuration hadoop, String table, Taken range)
      throws IOException {
    List<Type> columns = new ArrayList<>(SCHEMA.getFields());
    columns.add(Types.optional(PrimitiveTypeName.INT64).named(column));
    return write(new MessageType("row", columns), hadoop, table, range, "", Map.of());
  }

  /** A file with one row for each offset of the range. */
  static DataFile write(Configuration hadoop, String table, Taken range) throws IOException {
    return write(hadoop, table, range, "", Map.of());
  }

  static DataFile write(
      Configuration hadoop,
      String table,
      Taken range,
      String directory,
      Map<String, String> partitionValues)
      throws IOException {
    return write(SCHEMA, hadoop, table, range, directory, partitionValues);
  }

  private static DataFile write(
      MessageType schema,
      Configuration hadoop,
      String table,
      Taken range,
      String directory,
      Map<String, String> partitionValues)
      throws IOException {
    Path parent = directory.isEmpty() ? new Path(table) : new Path(table, directory);
    Path path = new Path(parent, UUID.randomUUID() + ".parquet");
    try (ParquetWriter<org.apache.parquet.example.data.Group> writer =
        ExampleParquetWriter.builder(path)
            .withConf(hadoop)
            .withType(schema)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .build()) {
      for (long offset = range.from(); offset < range.to(); offset++) {
        SimpleGroup row = new SimpleGroup(schema);
        row.add("name", "record " + offset);
        row.add("kafka_partition", range.partition());
        for (int column = 2; column < schema.getFieldCount(); column++) {
          row.add(column, offset);
        }
        writer.write(row);
      }
    }
    FileStatus status = path.getFileSystem(hadoop).getFileStatus(path);
    long rows = range.to() - range.from();
    String statistics =
        """
        {"numRecords":%d,"minValues":{"kafka_partition":%d,"kafka_offset":%d},\
        "maxValues":{"kafka_partition":%d,"kafka_offset":%d},\
        "nullCount":{"name":0,"kafka_partition":0,"kafka_offset":0}}"""
            .formatted(rows, range.partition(), range.from(), range.partition(), range.to() - 1);
    return new DataFile(
        status.getPath().toString(),
        status.getLen(),
        status.getModificationTime(),
        partitionValues,
        rows,
        statistics);
  }

  static Taken rows(int partition, long from, long to) {
    return new Taken(partition, from, to, to - from, 0, 0, 0);
  }

  static Ledger start(String stream) {
    return Ledger.initial(stream, "events", "dG9waWMtaWQ", "cluster", "test");
  }
}
