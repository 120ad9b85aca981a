package io.millrace.lake.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.Compression;
import io.millrace.lake.DataFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bounds and null counts, in Delta's JSON and in the Parquet footer, against brute force. */
class StatisticsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir java.nio.file.Path directory;
  private final Configuration hadoop = new Configuration();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void boundsHoldEveryValueAndAreTight(long seed) throws IOException {
    Random random = new Random(seed);
    TableLayout layout = Rows.layout(ColumnType.values());
    List<Object[]> rows = new ArrayList<>();
    int count = 1 + random.nextInt(9000);
    for (int i = 0; i < count; i++) {
      Object[] row = new Object[ColumnType.values().length];
      for (int c = 0; c < row.length; c++) {
        row[c] = random.nextInt(4) == 0 ? null : value(ColumnType.values()[c], random);
      }
      rows.add(row);
    }

    DataFile file = write(layout, rows, random.nextBoolean() ? 1 : 1 << 20);

    DataFileStatistics kernel =
        DataFileStatistics.deserializeFromJson(file.statistics(), kernelSchema()).orElseThrow();
    assertThat(kernel.getNumRecords()).isEqualTo(count);
    for (int c = 0; c < layout.columns().size(); c++) {
      ColumnType type = layout.columns().get(c).type();
      Column column = new Column("c" + c);
      int place = c;
      List<Object> values =
          rows.stream().map(row -> row[place]).filter(Objects::nonNull).sorted(order()).toList();
      assertThat(kernel.getNullCount()).containsEntry(column, (long) count - values.size());
      if (type == ColumnType.BOOLEAN || type == ColumnType.BINARY || values.isEmpty()) {
        assertThat(kernel.getMinValues()).doesNotContainKey(column);
        continue;
      }
      Object min = values.get(0);
      Object max = values.get(values.size() - 1);
      if (type == ColumnType.TIMESTAMP) {
        min = Math.floorDiv((Long) min, 1000) * 1000;
        max = -Math.floorDiv(-(Long) max, 1000) * 1000;
      }
      assertThat(value(kernel.getMinValues().get(column))).isEqualTo(min);
      assertThat(value(kernel.getMaxValues().get(column))).isEqualTo(max);
    }
    checkFooter(layout, rows);
  }

  private void checkFooter(TableLayout layout, List<Object[]> rows) throws IOException {
    int first = 0;
    for (BlockMetaData block : blocks()) {
      List<Object[]> group = rows.subList(first, first + (int) block.getRowCount());
      first += (int) block.getRowCount();
      for (int c = 0; c < layout.columns().size(); c++) {
        ColumnChunkMetaData chunk = block.getColumns().get(c);
        Statistics<?> statistics = chunk.getStatistics();
        int place = c;
        List<Object> values =
            group.stream().map(row -> row[place]).filter(Objects::nonNull).sorted(order()).toList();
        assertThat(statistics.getNumNulls()).isEqualTo(group.size() - values.size());
        assertThat(statistics.hasNonNullValue()).isEqualTo(!values.isEmpty());
        if (!values.isEmpty()) {
          assertThat(bytes(values.get(0))).isEqualTo(statistics.getMinBytes());
          assertThat(bytes(values.get(values.size() - 1))).isEqualTo(statistics.getMaxBytes());
        }
      }
    }
    assertThat(first).isEqualTo(rows.size());
  }

  @Test
  void longStringsAreCutSoThatTheBoundsHold() throws IOException {
    String last = new String(Character.toChars(Character.MAX_CODE_POINT));
    List<String> values =
        List.of(
            "a".repeat(31) + "ä" + "tail",
            "z".repeat(32) + last + last + "tail",
            "z".repeat(31) + "😀😀 tail");

    JsonNode json = json(Rows.layout(ColumnType.STRING), values.toArray());

    assertThat(json.at("/minValues/c0").asText()).isEqualTo("a".repeat(31) + "ä");
    assertThat(json.at("/maxValues/c0").asText()).isEqualTo("z".repeat(31) + "😀" + last);
    assertThat(StringBounds.upper(utf8("z".repeat(32) + last + last + "tail")))
        .isEqualTo(utf8("z".repeat(32) + last + last + last));
    assertThat(StringBounds.upper(utf8("z".repeat(32) + last + last)))
        .isEqualTo(utf8("z".repeat(32) + last + last));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void cutBoundsHoldForRandomStrings(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(70);
      for (int k = 0; k < length; k++) {
        text.appendCodePoint(random.nextInt(3) == 0 ? Character.MAX_CODE_POINT : 'y');
      }
      byte[] value = utf8(text.toString());
      assertThat(Arrays.compareUnsigned(StringBounds.lower(value), value)).isNotPositive();
      assertThat(Arrays.compareUnsigned(StringBounds.upper(value), value)).isNotNegative();
      assertThat(new String(StringBounds.upper(value), StandardCharsets.UTF_8))
          .doesNotContain("\ufffd");
    }
  }

  @Test
  void doublesHaveBoundsThatReadersAgreeOn() throws IOException {
    TableLayout layout = Rows.layout(ColumnType.DOUBLE);

    assertThat(json(layout, 1.0, Double.NaN, 2.0).at("/maxValues/c0").isMissingNode()).isTrue();
    assertThat(blocks().get(0).getColumns().get(0).getStatistics().hasNonNullValue()).isFalse();
    JsonNode infinite = json(layout, 1.0, Double.POSITIVE_INFINITY);
    assertThat(infinite.at("/minValues/c0").asDouble()).isEqualTo(1.0);
    assertThat(infinite.at("/maxValues/c0").asText()).isEqualTo("Infinity");
    JsonNode zeros = json(layout, 0.0, 0.0);
    assertThat(zeros.at("/minValues/c0").asText()).isEqualTo("-0.0");
    assertThat(zeros.at("/maxValues/c0").asText()).isEqualTo("0.0");
    assertThat(json(layout, -2.5, -0.0, -7.0).at("/minValues/c0").asDouble()).isEqualTo(-7.0);
  }

  @Test
  void timesOutsideTheYearsOfTheLogHaveNoBounds() throws IOException {
    JsonNode json = json(Rows.layout(ColumnType.TIMESTAMP), Long.MIN_VALUE, Long.MAX_VALUE);
    assertThat(json.at("/minValues/c0").isMissingNode()).isTrue();

    JsonNode days = json(Rows.layout(ColumnType.DATE), Integer.MAX_VALUE, 0);
    assertThat(days.at("/maxValues/c0").isMissingNode()).isTrue();
    assertThat(days.at("/nullCount/c0").asInt(-1)).isZero();
  }

  private JsonNode json(TableLayout layout, Object... values) throws IOException {
    List<Object[]> rows = new ArrayList<>();
    for (Object value : values) {
      rows.add(new Object[] {value});
    }
    return JSON.readTree(write(layout, rows, 1 << 20).statistics());
  }

  private DataFile write(TableLayout layout, List<Object[]> rows, long rowGroupBytes)
      throws IOException {
    ColumnFileWriter writer =
        ColumnFileWriter.open(hadoop, path(), Map.of(), layout, Compression.ZSTD, rowGroupBytes);
    for (int from = 0; from < rows.size(); from += 3000) {
      List<Object[]> part = rows.subList(from, Math.min(rows.size(), from + 3000));
      writer.write(Rows.batch(layout, part), null, 0);
    }
    return writer.close();
  }

  private Path path() {
    return new Path(directory.resolve("part.parquet").toUri());
  }

  private List<BlockMetaData> blocks() throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path(), hadoop))) {
      return reader.getFooter().getBlocks();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static StructType kernelSchema() {
    StructType schema = new StructType();
    for (int c = 0; c < ColumnType.values().length; c++) {
      DataType type =
          switch (ColumnType.values()[c]) {
            case BOOLEAN -> BooleanType.BOOLEAN;
            case INT -> IntegerType.INTEGER;
            case LONG -> LongType.LONG;
            case DOUBLE -> DoubleType.DOUBLE;
            case STRING -> StringType.STRING;
            case BINARY -> BinaryType.BINARY;
            case DATE -> DateType.DATE;
            case TIMESTAMP -> TimestampType.TIMESTAMP;
          };
      schema = schema.add("c" + c, type);
    }
    return schema;
  }

  private static Object value(Literal literal) {
    return literal.getValue();
  }

  @SuppressWarnings("unchecked")
  private static Comparator<Object> order() {
    return (one, other) ->
        one instanceof ByteBuffer || one instanceof String
            ? Arrays.compareUnsigned(bytes(one), bytes(other))
            : ((Comparable<Object>) one).compareTo(other);
  }

  private static byte[] bytes(Object value) {
    if (value instanceof String text) {
      return utf8(text);
    } else if (value instanceof ByteBuffer buffer) {
      return buffer.array();
    } else if (value instanceof Boolean bit) {
      return new byte[] {(byte) (bit ? 1 : 0)};
    }
    ByteBuffer bytes = ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    if (value instanceof Integer number) {
      bytes.putInt(number);
    } else if (value instanceof Long number) {
      bytes.putLong(number);
    } else {
      bytes.putDouble((Double) value);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static Object value(ColumnType type, Random random) {
    return switch (type) {
      case BOOLEAN -> random.nextBoolean();
      case INT -> random.nextInt(2000) - 1000;
      case LONG -> random.nextLong();
      case DOUBLE -> random.nextGaussian();
      case STRING -> new String(Character.toChars(0xe000 + random.nextInt(0x3000))) + "x";
      case BINARY -> ByteBuffer.wrap(new byte[] {(byte) random.nextInt(), 1});
      case DATE -> random.nextInt(40_000) - 10_000;
      case TIMESTAMP -> random.nextLong() >> 13;
    };
  }
}
