package io.millrace.lake.verify;

import io.millrace.core.config.KafkaColumns;
import io.millrace.lake.DataFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
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
