package io.millrace.lake.verify;

import io.millrace.core.config.KafkaColumns;
import io.millrace.lake.DataFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Data files of {@link TestStream}'s table, written by parquet-java's own example writer. */
final class TestRows {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message row {
            optional int64 id;
            optional binary name (STRING);
            optional int64 at (TIMESTAMP(MICROS,true));
            optional int32 day (DATE);
            optional boolean ok;
            optional double ratio;
            optional binary raw;
            optional int32 kafka_partition;
            optional int64 kafka_offset;
            optional int64 kafka_timestamp (TIMESTAMP(MICROS,true));
          }
          """);

  private TestRows() {}

  static DataFile write(
      Configuration hadoop,
      String table,
      List<TestStream.Row> rows,
      KafkaColumns columns,
      Map<String, String> partitionValues)
      throws IOException {
    Path path = new Path(table, UUID.randomUUID() + ".parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(path)
            .withConf(hadoop)
            .withType(SCHEMA)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .build()) {
      for (TestStream.Row row : rows) {
        writer.write(group(row, columns));
      }
    }
    FileStatus status = path.getFileSystem(hadoop).getFileStatus(path);
    return new DataFile(
        status.getPath().toString(),
        status.getLen(),
        status.getModificationTime(),
        partitionValues,
        rows.size(),
        statistics(rows));
  }

  /** Writes the file anew with its rows changed, as one who edits data in place would. */
  static void rewrite(Configuration hadoop, Path file, UnaryOperator<Group> change)
      throws IOException {
    List<Group> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(hadoop).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.add(change.apply(row));
      }
    }
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(file)
            .withConf(hadoop)
            .withType(SCHEMA)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    }
  }

  /** The same row with another value in one column. */
  static Group with(Group row, String column, Object value) {
    Group changed = new SimpleGroup(SCHEMA);
    for (int field = 0; field < SCHEMA.getFieldCount(); field++) {
      Object own =
          SCHEMA.getFieldName(field).equals(column)
              ? value
              : row.getFieldRepetitionCount(field) == 0 ? null : value(row, field);
      if (own instanceof Long number) {
        changed.add(field, number);
      } else if (own instanceof Integer number) {
        changed.add(field, number);
      } else if (own instanceof Double number) {
        changed.add(field, number);
      } else if (own instanceof Boolean flag) {
        changed.add(field, flag);
      } else if (own instanceof Binary bytes) {
        changed.add(field, bytes);
      }
    }
    return changed;
  }

  private static Object value(Group row, int field) {
    return switch (SCHEMA.getType(field).asPrimitiveType().getPrimitiveTypeName()) {
      case INT64 -> row.getLong(field, 0);
      case INT32 -> row.getInteger(field, 0);
      case DOUBLE -> row.getDouble(field, 0);
      case BOOLEAN -> row.getBoolean(field, 0);
      case BINARY -> row.getBinary(field, 0);
      default -> throw new IllegalArgumentException(SCHEMA.getFieldName(field));
    };
  }

  private static Group group(TestStream.Row row, KafkaColumns columns) {
    Group group = new SimpleGroup(SCHEMA);
    GenericRecord value = row.value();
    group.add("id", ((Number) value.get("id")).longValue());
    if (value.get("name") != null) {
      group.add("name", value.get("name").toString());
    }
    group.add("at", (Long) value.get("at") * 1000);
    group.add("day", (Integer) value.get("day"));
    group.add("ok", (Boolean) value.get("ok"));
    group.add("ratio", ((Number) value.get("ratio")).doubleValue());
    group.add("raw", Binary.fromConstantByteBuffer(((ByteBuffer) value.get("raw")).duplicate()));
    if (columns.partition().isPresent()) {
      group.add("kafka_partition", row.partition());
    }
    if (columns.offset().isPresent() && row.offset() != null) {
      group.add("kafka_offset", row.offset());
    }
    group.add("kafka_timestamp", row.millis() * 1000);
    return group;
  }

  private static String statistics(List<TestStream.Row> rows) {
    var offsets =
        rows.stream()
            .filter(r -> r.offset() != null)
            .mapToLong(TestStream.Row::offset)
            .summaryStatistics();
    var partitions = rows.stream().mapToInt(TestStream.Row::partition).summaryStatistics();
    return rows.isEmpty()
        ? "{\"numRecords\":0}"
        : """
        {"numRecords":%d,"minValues":{"kafka_partition":%d,"kafka_offset":%d},\
        "maxValues":{"kafka_partition":%d,"kafka_offset":%d}}"""
            .formatted(
                rows.size(),
                partitions.getMin(),
                offsets.getMin(),
                partitions.getMax(),
                offsets.getMax());
  }
}
