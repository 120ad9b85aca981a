package io.millrace.lake.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.lake.delta.LakeConfiguration;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionReaderTest {
  private static final Configuration HADOOP = LakeConfiguration.of(Map.of());

  @TempDir java.nio.file.Path directory;

  private record Row(Integer partition, Long offset) {}

  private final List<Row> read = new ArrayList<>();
  private int without;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyRowOfManyRowGroupsAndPages(boolean dictionary) throws Exception {
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      rows.add(new Row(random.nextInt(3), i / 7 * 3 + (1L << 40)));
    }
    java.nio.file.Path file = write("int32", "int64", rows, dictionary);

    assertThat(readAll(file)).isTrue();

    assertThat(read).isEqualTo(rows);
    assertThat(without).isZero();
  }

  @Test
  void rowsWithoutPartitionOrOffsetAreCounted() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      rows.add(new Row(i % 5 == 0 ? null : 1, i % 7 == 0 ? null : Long.valueOf(i)));
    }

    assertThat(readAll(write("int32", "int64", rows, true))).isTrue();

    List<Row> whole =
        rows.stream().filter(r -> r.partition() != null && r.offset() != null).toList();
    assertThat(read).isEqualTo(whole);
    assertThat(without).isEqualTo(rows.size() - whole.size());
  }

  @Test
  void otherTypesAndMissingColumnsAreLeftToKernel() throws Exception {
    List<Row> rows = List.of(new Row(1, 1L));

    assertThat(readAll(write("int32", "int32", rows, true))).isFalse();
    assertThat(
            new PositionReader(HADOOP, "kafka_partition", "elsewhere")
                .read(
                    directory.resolve("int32.parquet").toString(),
                    Files.size(directory.resolve("int32.parquet")),
                    this::take))
        .isFalse();
    assertThat(read).isEmpty();
  }

  @Test
  void missingAndBrokenFilesAreToldApart() throws Exception {
    java.nio.file.Path file = write("int32", "int64", List.of(new Row(1, 1L)), true);
    long bytes = Files.size(file);
    Files.write(file, new byte[(int) bytes]);

    assertThatThrownBy(() -> readAll(file)).isInstanceOf(RuntimeException.class);
    Files.delete(file);
    assertThatThrownBy(
            () ->
                new PositionReader(HADOOP, "kafka_partition", "kafka_offset")
                    .read(file.toString(), bytes, this::take))
        .isInstanceOf(FileNotFoundException.class);
  }

  private boolean readAll(java.nio.file.Path file) throws IOException {
    return new PositionReader(HADOOP, "kafka_partition", "kafka_offset")
        .read(file.toString(), Files.size(file), this::take);
  }

  private void take(int[] partitions, long[] offsets, int size, int withoutPosition) {
    for (int i = 0; i < size; i++) {
      read.add(new Row(partitions[i], offsets[i]));
    }
    without += withoutPosition;
  }

  private java.nio.file.Path write(
      String partitionType, String offsetType, List<Row> rows, boolean dictionary)
      throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            """
            message row {
              optional binary before;
              optional %s kafka_partition;
              optional group other { optional int64 kafka_offset; }
              optional %s kafka_offset;
            }
            """
                .formatted(partitionType, offsetType));
    java.nio.file.Path file = directory.resolve(offsetType + ".parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new Path(file.toUri()))
            .withConf(HADOOP)
            .withType(schema)
            .withDictionaryEncoding(dictionary)
            .withRowGroupSize(64L * 1024)
            .withPageSize(4 * 1024)
            .build()) {
      for (Row row : rows) {
        Group group = new SimpleGroup(schema);
        group.addGroup("other").add("kafka_offset", -1L);
        if (row.partition() != null) {
          group.add("kafka_partition", row.partition());
        }
        if (row.offset() != null && offsetType.equals("int64")) {
          group.add("kafka_offset", row.offset());
        } else if (row.offset() != null) {
          group.add("kafka_offset", row.offset().intValue());
        }
        writer.write(group);
      }
    }
    return file;
  }
}
