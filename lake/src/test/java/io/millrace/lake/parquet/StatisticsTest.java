package io.millrace.lake.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.Compression;
import io.millrace.lake.DataFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.statistics.FloatStatistics;
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
  private static final ObjectMapper EXACT_JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();
  private static final ColumnType DECIMAL = ColumnType.decimal(38, 10);

  @TempDir java.nio.file.Path directory;
  private final Configuration hadoop = new Configuration();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void boundsHoldEveryValueAndAreTight(long seed) throws IOException {
    Random random = new Random(seed);
    TableLayout layout = Rows.layout(RandomRows.FLAT);
    List<Object[]> rows = new ArrayList<>();
    int count = 1 + random.nextInt(9000);
    for (int i = 0; i < count; i++) {
      Object[] row = new Object[RandomRows.FLAT.size()];
      for (int c = 0; c < row.length; c++) {
        row[c] = random.nextInt(4) == 0 ? null : value(RandomRows.FLAT.get(c), random);
      }
      rows.add(row);
    }

    DataFile file = write(layout, rows, random.nextBoolean() ? 1 : 1 << 20);

    Written written = new Written(layout, file);
    assertThat(written.kernel.getNumRecords()).isEqualTo(count);
    for (int c = 0; c < layout.columns().size(); c++) {
      int place = c;
      written.check(
          layout.columns().get(c).type(), rows.stream().map(row -> row[place]).toList(), "c" + c);
    }
    checkFooter(layout, rows);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void membersHaveBoundsListsAndMapsOnlyTheirNulls(long seed) throws IOException {
    Random random = new Random(seed);
    ColumnType inner = struct(ColumnType.STRING, ColumnType.list(ColumnType.LONG), DECIMAL);
    TableLayout layout =
        Rows.layout(
            struct(ColumnType.LONG, inner, ColumnType.map(ColumnType.LONG), ColumnType.BINARY),
            ColumnType.list(inner),
            ColumnType.TIMESTAMP_NTZ);
    List<Object[]> rows = new RandomRows(random, 0.25, 3).rows(layout, 1 + random.nextInt(5000));

    DataFile file = write(layout, rows, random.nextBoolean() ? 1 : 1 << 20);

    Written written = new Written(layout, file);
    for (int c = 0; c < layout.columns().size(); c++) {
      int place = c;
      written.check(
          layout.columns().get(c).type(), rows.stream().map(row -> row[place]).toList(), "c" + c);
    }
    assertThat(JSON.readTree(file.statistics()).at("/nullCount/c1").isNumber()).isTrue();
  }

  @Test
  void membersCountAsColumnsOfTheFirst32() throws IOException {
    ColumnType wide = struct(Collections.nCopies(20, ColumnType.LONG).toArray(ColumnType[]::new));
    TableLayout layout = Rows.layout(wide, ColumnType.list(wide), wide);

    JsonNode json =
        JSON.readTree(
            write(layout, new RandomRows(new Random(1), 0, 2).rows(layout, 10), 1 << 20)
                .statistics());

    assertThat(json.at("/minValues/c0")).hasSize(20);
    assertThat(json.at("/nullCount/c1").asInt(-1)).isZero();
    assertThat(json.at("/minValues/c2")).hasSize(11);
    assertThat(json.at("/nullCount/c2")).hasSize(11);
  }

  @Test
  void decimalsAreNumbersWithAllTheirDigits() throws IOException {
    DataFile file =
        write(
            Rows.layout(DECIMAL),
            List.of(
                new Object[] {new BigDecimal("9999999999999999999999999999.9999999999")},
                new Object[] {new BigDecimal("0.0000000000")},
                new Object[] {new BigDecimal("-1234567890123456789012345678.0000000001")}),
            1 << 20);

    assertThat(file.statistics())
        .contains("\"minValues\":{\"c0\":-1234567890123456789012345678.0000000001}")
        .contains("\"maxValues\":{\"c0\":9999999999999999999999999999.9999999999}");
    assertThat(
            write(
                    Rows.layout(DECIMAL),
                    List.<Object[]>of(new Object[] {new BigDecimal("0.0000000000")}),
                    1 << 20)
                .statistics())
        .contains("\"minValues\":{\"c0\":0.0000000000}");
  }

  /** What a file's statistics say, against its values. */
  private static final class Written {
    private final DataFileStatistics kernel;
    private final JsonNode json;

    Written(TableLayout layout, DataFile file) throws IOException {
      // Kernel reads decimals by way of doubles, and can fail at that.
      StructType schema = withoutDecimals(KernelRows.schema(layout.columns()));
      kernel = DataFileStatistics.deserializeFromJson(file.statistics(), schema).orElseThrow();
      json = EXACT_JSON.readTree(file.statistics());
    }

    private static StructType withoutDecimals(StructType schema) {
      StructType kept = new StructType();
      for (StructField field : schema.fields()) {
        if (field.getDataType() instanceof StructType struct) {
          kept = kept.add(field.getName(), withoutDecimals(struct));
        } else if (!(field.getDataType() instanceof DecimalType)) {
          kept = kept.add(field);
        }
      }
      return kept;
    }

    void check(ColumnType type, List<?> rows, String... path) {
      if (type.kind() == ColumnType.Kind.STRUCT) {
        for (int i = 0; i < type.members().size(); i++) {
          int place = i;
          String[] member = Arrays.copyOf(path, path.length + 1);
          member[path.length] = type.members().get(i).name();
          check(
              type.members().get(i).type(),
              rows.stream().map(row -> row == null ? null : ((List<?>) row).get(place)).toList(),
              member);
        }
        return;
      }
      Column column = new Column(path);
      String pointer = "/" + String.join("/", path);
      long nulls = rows.stream().filter(Objects::isNull).count();
      assertThat(json.at("/nullCount" + pointer).asLong(-1)).isEqualTo(nulls);
      boolean bounded =
          switch (type.kind()) {
            case BOOLEAN, BINARY, LIST, MAP -> false;
            default -> nulls < rows.size();
          };
      if (!bounded) {
        assertThat(json.at("/minValues" + pointer).isMissingNode()).isTrue();
        assertThat(json.at("/maxValues" + pointer).isMissingNode()).isTrue();
        return;
      }
      List<?> values = rows.stream().filter(Objects::nonNull).sorted(order()).toList();
      if (type.kind() == ColumnType.Kind.DECIMAL) {
        assertThat(json.at("/minValues" + pointer).decimalValue()).isEqualTo(values.get(0));
        assertThat(json.at("/maxValues" + pointer).decimalValue())
            .isEqualTo(values.get(values.size() - 1));
        return;
      }
      assertThat(kernel.getNullCount()).containsEntry(column, nulls);
      Object min = values.get(0);
      Object max = values.get(values.size() - 1);
      if (type.equals(ColumnType.TIMESTAMP) || type.equals(ColumnType.TIMESTAMP_NTZ)) {
        min = Math.floorDiv((Long) min, 1000) * 1000;
        max = -Math.floorDiv(-(Long) max, 1000) * 1000;
      }
      assertThat(value(kernel.getMinValues().get(column))).isEqualTo(min);
      assertThat(value(kernel.getMaxValues().get(column))).isEqualTo(max);
    }
  }

  private static ColumnType struct(ColumnType... members) {
    return ColumnType.struct(Rows.layout(members).columns());
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
          ColumnType type = layout.columns().get(c).type();
          assertThat(stored(type, values.get(0))).isEqualTo(statistics.getMinBytes());
          assertThat(stored(type, values.get(values.size() - 1)))
              .isEqualTo(statistics.getMaxBytes());
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
  void floatsHaveBoundsThatReadersAgreeOn() throws IOException {
    TableLayout layout = Rows.layout(ColumnType.FLOAT);

    assertThat(json(layout, 1.0f, Float.NaN, 2.0f).at("/maxValues/c0").isMissingNode()).isTrue();
    assertThat(blocks().get(0).getColumns().get(0).getStatistics().hasNonNullValue()).isFalse();
    JsonNode infinite = json(layout, 1.1f, Float.NEGATIVE_INFINITY);
    assertThat(infinite.at("/minValues/c0").asText()).isEqualTo("-Infinity");
    assertThat(infinite.at("/maxValues/c0").asText()).isEqualTo("1.1");
    JsonNode zeros = json(layout, 0.0f, 0.0f);
    assertThat(zeros.at("/minValues/c0").asText()).isEqualTo("-0.0");
    assertThat(zeros.at("/maxValues/c0").asText()).isEqualTo("0.0");
    FloatStatistics footer = (FloatStatistics) blocks().get(0).getColumns().get(0).getStatistics();
    assertThat(Float.floatToRawIntBits(footer.getMin())).isEqualTo(Integer.MIN_VALUE);
    assertThat(json(layout, -2.5f, -0.0f, -7.0f).at("/minValues/c0").asDouble()).isEqualTo(-7.0);
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

  /** As Parquet has it, plainly. */
  private static byte[] stored(ColumnType type, Object value) {
    if (!(value instanceof BigDecimal decimal)) {
      return bytes(value);
    }
    BigInteger unscaled = decimal.unscaledValue();
    if (type.precision() > ColumnType.MAX_LONG_PRECISION) {
      return Rows.wide(unscaled);
    }
    return type.precision() > 9 ? bytes(unscaled.longValue()) : bytes(unscaled.intValue());
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
    } else if (value instanceof Float number) {
      bytes.putFloat(number);
    } else {
      bytes.putDouble((Double) value);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static Object value(ColumnType type, Random random) {
    return switch (type.kind()) {
      case INT -> random.nextInt(2000) - 1000;
      case DOUBLE -> random.nextGaussian();
      case STRING -> new String(Character.toChars(0xe000 + random.nextInt(0x3000))) + "x";
      case BINARY -> ByteBuffer.wrap(new byte[] {(byte) random.nextInt(), 1});
      case DATE -> random.nextInt(40_000) - 10_000;
      case TIMESTAMP, TIMESTAMP_NTZ -> random.nextLong() >> 13;
      default -> new RandomRows(random, 0, 0).value(type);
    };
  }
}
