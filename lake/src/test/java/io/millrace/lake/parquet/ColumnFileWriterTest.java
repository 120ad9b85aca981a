package io.millrace.lake.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.Compression;
import io.millrace.lake.DataFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnFileWriterTest {
  private static final long LARGE_GROUP = 128L << 20;

  private static final List<ColumnType> STRUCT_IN_LIST =
      List.of(
          ColumnType.struct(
              List.of(
                  Column.field("a", ColumnType.LONG),
                  Column.field("b", ColumnType.map(ColumnType.STRING)))),
          ColumnType.list(ColumnType.decimal(38, 10)),
          ColumnType.map(ColumnType.struct(List.of(Column.field("f", ColumnType.FLOAT)))));

  @TempDir java.nio.file.Path directory;
  private Path path;
  private final Configuration hadoop = new Configuration();

  @BeforeEach
  void choosePath() {
    path = new Path(directory.resolve("part.parquet").toUri());
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void everyTypeComesBackThroughParquetJava(Compression compression) throws IOException {
    TableLayout layout = Rows.layout(RandomRows.FLAT);
    List<Object[]> rows = mixedRows(new Random(1), 80_000, 0.1);

    DataFile file = write(layout, compression, LARGE_GROUP, List.of(rows));

    assertThat(Rows.equal(Rows.read(path, layout), rows)).isTrue();
    assertThat(file.rows()).isEqualTo(rows.size());
    assertThat(java.nio.file.Path.of(path.toUri())).hasSize(file.bytes());
    assertThat(file.path()).isEqualTo(path.toString());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.999, 1})
  void nullsOfAnyShareComeBack(double nulls) throws IOException {
    TableLayout layout = Rows.layout(RandomRows.FLAT);
    List<Object[]> rows = mixedRows(new Random(2), 70_000, nulls);

    write(layout, Compression.ZSTD, LARGE_GROUP, List.of(rows));

    assertThat(Rows.equal(Rows.read(path, layout), rows)).isTrue();
  }

  @Test
  void severalBatchesMakeSeveralRowGroups() throws IOException {
    TableLayout layout = Rows.layout(RandomRows.FLAT);
    Random random = new Random(3);
    List<List<Object[]>> batches = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      batches.add(mixedRows(random, random.nextInt(9000), 0.2));
    }

    write(layout, Compression.SNAPPY, 600_000, batches);

    assertThat(footer().getBlocks()).hasSizeGreaterThan(2);
    assertThat(Rows.equal(Rows.read(path, layout), batches.stream().flatMap(List::stream).toList()))
        .isTrue();
  }

  @Test
  void aFileWithoutRowsIsReadable() throws IOException {
    TableLayout layout = Rows.layout(RandomRows.FLAT);

    DataFile file = write(layout, Compression.ZSTD, LARGE_GROUP, List.of(List.of()));

    assertThat(Rows.read(path, layout)).isEmpty();
    assertThat(file.rows()).isZero();
  }

  @Test
  void selectedRowsOnly() throws IOException {
    TableLayout layout = Rows.layout(ColumnType.LONG, ColumnType.STRING);
    Random random = new Random(4);
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rows.add(new Object[] {(long) i, random.nextInt(9) == 0 ? null : "v" + random.nextInt(50)});
    }
    int[] selected =
        IntStream.range(0, rows.size()).filter(i -> i % 7 < 3 || i / 1000 % 2 == 0).toArray();
    ColumnBatch batch = Rows.batch(layout, rows);

    ColumnFileWriter writer = open(layout, Compression.ZSTD, LARGE_GROUP, new EncodingHints());
    writer.write(batch, selected, selected.length);
    DataFile file = writer.close();

    assertThat(file.rows()).isEqualTo(selected.length);
    assertThat(
            Rows.equal(
                Rows.read(path, layout), Arrays.stream(selected).mapToObj(rows::get).toList()))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void nestedColumnsComeBackThroughTwoReaders(long seed) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < 30; i++) {
      TableLayout layout = RandomRows.layout(random, 1 + i % 4);
      RandomRows values = new RandomRows(random, random.nextInt(4) * 0.15, 4);
      List<Object[]> rows = values.rows(layout, random.nextInt(300));

      writeAndCompare(layout, rows, random);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nestedColumnsComeBackAcrossPagesAndRowGroups(long seed) throws IOException {
    Random random = new Random(seed);
    ColumnType entry = STRUCT_IN_LIST.get((int) seed % STRUCT_IN_LIST.size());
    TableLayout layout = Rows.layout(ColumnType.list(entry), ColumnType.LONG, entry);
    List<Object[]> rows = new RandomRows(random, 0.1, 9).rows(layout, 9_000 + random.nextInt(9000));

    writeAndCompare(layout, rows, random);

    checkPages(1);
  }

  /** Some rows chosen, in two batches; by parquet-java's reader and by Kernel's. */
  private void writeAndCompare(TableLayout layout, List<Object[]> rows, Random random)
      throws IOException {
    int[] selected = IntStream.range(0, rows.size()).filter(r -> random.nextInt(9) > 0).toArray();
    List<Object[]> expected = new ArrayList<>(Arrays.stream(selected).mapToObj(rows::get).toList());
    expected.addAll(rows);
    hadoop.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    ColumnFileWriter writer =
        open(layout, Compression.ZSTD, random.nextBoolean() ? LARGE_GROUP : 1, new EncodingHints());
    ColumnBatch batch = Rows.batch(layout, rows);
    writer.write(batch, selected, selected.length);
    writer.write(batch, null, 0);
    DataFile file = writer.close();

    assertThat(file.rows()).isEqualTo(expected.size());
    assertEqual(layout, Rows.read(path, layout), expected);
    assertEqual(layout, KernelRows.read(hadoop, file, layout), expected);
  }

  private static void assertEqual(
      TableLayout layout, List<Object[]> read, List<Object[]> expected) {
    assertThat(read).as(layout.toString()).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      if (!Arrays.equals(read.get(i), expected.get(i))) {
        assertThat(read.get(i)).as("row %d of %s", i, layout).isEqualTo(expected.get(i));
      }
    }
  }

  @Test
  void aRowOfManyItemsIsAPageOfItsOwn() throws IOException {
    TableLayout layout = Rows.layout(ColumnType.list(ColumnType.LONG));
    Random random = new Random(10);
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      rows.addAll(new RandomRows(random, 0.3, 5).rows(layout, 100));
      List<Object> items = new ArrayList<>();
      for (int k = 0; k < 200_000; k++) {
        items.add(k % 2 == 0 ? null : random.nextLong());
      }
      rows.add(new Object[] {items});
    }

    write(layout, Compression.ZSTD, LARGE_GROUP, List.of(rows));

    assertEqual(layout, Rows.read(path, layout), rows);
    List<Integer> slots = checkPages(1);
    assertThat(slots).hasSize(6);
    assertThat(List.of(slots.get(1), slots.get(3), slots.get(5))).containsOnly(200_000);
  }

  @Test
  void pagesOfNestedColumnsAreBounded() throws IOException {
    ColumnType list = ColumnType.list(ColumnType.STRING);
    TableLayout layout = Rows.layout(ColumnType.struct(List.of(Column.field("l", list))), list);
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      // Many nulls in the one, long texts in the other.
      List<String> texts = i % 20 == 0 ? List.of("text " + i + "x".repeat(9_000)) : List.of();
      rows.add(new Object[] {List.of(Arrays.asList(null, null, null)), texts});
    }

    write(layout, Compression.ZSTD, LARGE_GROUP, List.of(rows));

    assertEqual(layout, Rows.read(path, layout), rows);
    List<Integer> slots = checkPages(1);
    assertThat(slots).hasSizeGreaterThan(3 + 20).allMatch(count -> count <= 64 * 1024);
  }

  @Test
  void hintsAreOfTheWholePath() throws IOException {
    Random random = new Random(11);
    ColumnType both =
        ColumnType.struct(
            List.of(
                Column.field("unique", ColumnType.STRING),
                Column.field("same", ColumnType.STRING)));
    TableLayout layout = Rows.layout(both);
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      rows.add(
          new Object[] {
            List.of(new UUID(random.nextLong(), random.nextLong()).toString(), "same")
          });
    }
    EncodingHints hints = new EncodingHints();

    for (int i = 0; i < 2; i++) {
      ColumnFileWriter writer = open(layout, Compression.ZSTD, LARGE_GROUP, hints);
      writer.write(Rows.batch(layout, rows), null, 0);
      writer.close();
      List<ColumnChunkMetaData> columns = footer().getBlocks().get(0).getColumns();
      assertThat(columns.get(0).getEncodings()).doesNotContain(Encoding.PLAIN_DICTIONARY);
      assertThat(columns.get(1).getEncodings()).contains(Encoding.PLAIN_DICTIONARY);
    }
  }

  @Test
  void levelsCountAsMemory() throws IOException {
    TableLayout layout = Rows.layout(ColumnType.list(ColumnType.list(ColumnType.LONG)));
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      rows.add(new Object[] {Collections.nCopies(20, List.of())});
    }
    ColumnFileWriter writer = open(layout, Compression.ZSTD, LARGE_GROUP, new EncodingHints());
    long idle = writer.bufferedBytes();

    writer.write(Rows.batch(layout, rows), null, 0);
    long filled = writer.bufferedBytes();
    writer.flushRowGroup();

    assertThat(filled).isGreaterThanOrEqualTo(2000 * 20 * 4);
    assertThat(writer.bufferedBytes()).isEqualTo(idle);
    writer.abort();
  }

  /** Each page's slots, in file order; each starts with the first slot of a row. */
  private List<Integer> checkPages(int leastNested) throws IOException {
    List<Integer> slots = new ArrayList<>();
    int nested = 0;
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) {
        for (ColumnDescriptor column : reader.getFileMetaData().getSchema().getColumns()) {
          PageReader pages = group.getPageReader(column);
          for (DataPage page = pages.readPage(); page != null; page = pages.readPage()) {
            slots.add(page.getValueCount());
            if (column.getMaxRepetitionLevel() > 0) {
              nested++;
              assertThat(firstRepetitionLevel((DataPageV1) page, column)).isZero();
            }
          }
        }
      }
    }
    assertThat(nested).isGreaterThan(leastNested);
    return slots;
  }

  private static int firstRepetitionLevel(DataPageV1 page, ColumnDescriptor column)
      throws IOException {
    int max = column.getMaxRepetitionLevel();
    ValuesReader levels = page.getRlEncoding().getValuesReader(column, ValuesType.REPETITION_LEVEL);
    levels.initFromPage(page.getValueCount(), page.getBytes().toInputStream());
    int first = levels.readInteger();
    assertThat(first).isBetween(0, max);
    return first;
  }

  @Test
  void largeAndEmptyStringsComeBack() throws IOException {
    TableLayout layout = Rows.layout(ColumnType.STRING, ColumnType.BINARY);
    Random random = new Random(5);
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      byte[] bytes = new byte[random.nextInt(1 << 20)];
      random.nextBytes(bytes);
      rows.add(new Object[] {"x".repeat(1 << 20) + i % 3, ByteBuffer.wrap(bytes)});
      rows.add(new Object[] {"", ByteBuffer.wrap(new byte[0])});
    }

    write(layout, Compression.ZSTD, 4 << 20, List.of(rows.subList(0, 30), rows.subList(30, 80)));

    assertThat(Rows.equal(Rows.read(path, layout), rows)).isTrue();
  }

  @Test
  void aDictionaryThatOutgrowsItsLimitGoesOverToPlain() throws IOException {
    TableLayout layout = Rows.layout(ColumnType.STRING, ColumnType.LONG);
    Random random = new Random(9);
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 300_000; i++) {
      boolean early = i < 150_000;
      rows.add(
          new Object[] {
            early ? "page-" + i % 100 : "only once " + i,
            early ? i % 100 * 0x9e3779b97f4a7c15L : random.nextLong()
          });
    }

    write(layout, Compression.ZSTD, LARGE_GROUP, List.of(rows));

    assertThat(Rows.equal(Rows.read(path, layout), rows)).isTrue();
    for (ColumnChunkMetaData column : footer().getBlocks().get(0).getColumns()) {
      assertThat(column.getEncodings()).contains(Encoding.PLAIN_DICTIONARY, Encoding.PLAIN);
    }
  }

  @Test
  void theEncodingFollowsTheValues() throws IOException {
    TableLayout layout =
        Rows.layout(ColumnType.STRING, ColumnType.STRING, ColumnType.LONG, ColumnType.LONG);
    Random random = new Random(6);
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      rows.add(
          new Object[] {
            new UUID(random.nextLong(), random.nextLong()).toString(),
            "type-" + random.nextInt(10),
            (long) i,
            random.nextLong()
          });
    }

    write(layout, Compression.ZSTD, LARGE_GROUP, List.of(rows));

    List<ColumnChunkMetaData> columns = footer().getBlocks().get(0).getColumns();
    assertThat(columns.get(0).getEncodings()).doesNotContain(Encoding.PLAIN_DICTIONARY);
    assertThat(columns.get(1).getEncodings()).contains(Encoding.PLAIN_DICTIONARY);
    assertThat(columns.get(2).getEncodings()).contains(Encoding.DELTA_BINARY_PACKED);
    assertThat(columns.get(3).getEncodings()).contains(Encoding.PLAIN);
    assertThat(Rows.equal(Rows.read(path, layout), rows)).isTrue();
  }

  @Test
  void hintsSpareTheNextFileTheTrialOfADictionary() throws IOException {
    TableLayout layout = Rows.layout(ColumnType.STRING);
    Random random = new Random(7);
    EncodingHints hints = new EncodingHints();
    List<Object[]> unique = new ArrayList<>();
    List<Object[]> same = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      unique.add(new Object[] {new UUID(random.nextLong(), random.nextLong()).toString()});
      same.add(new Object[] {"same"});
    }

    ColumnFileWriter first = open(layout, Compression.ZSTD, LARGE_GROUP, hints);
    first.write(Rows.batch(layout, unique), null, 0);
    first.close();
    path = new Path(path.getParent(), "second.parquet");
    ColumnFileWriter second = open(layout, Compression.ZSTD, LARGE_GROUP, hints);
    second.write(Rows.batch(layout, same), null, 0);
    second.close();

    assertThat(footer().getBlocks().get(0).getColumns().get(0).getEncodings())
        .doesNotContain(Encoding.PLAIN_DICTIONARY);
    assertThat(Rows.equal(Rows.read(path, layout), same)).isTrue();
  }

  @Test
  void aFlushGivesTheMemoryBack() throws IOException {
    TableLayout layout = Rows.layout(RandomRows.FLAT);
    List<Object[]> rows = mixedRows(new Random(8), 30_000, 0.1);
    ColumnFileWriter writer = open(layout, Compression.ZSTD, LARGE_GROUP, new EncodingHints());
    long idle = writer.bufferedBytes();

    writer.write(Rows.batch(layout, rows), null, 0);
    long filled = writer.bufferedBytes();
    writer.flushRowGroup();

    assertThat(filled).isGreaterThan(1_000_000);
    assertThat(writer.bufferedBytes()).isLessThanOrEqualTo(idle).isLessThan(20_000);
    writer.abort();
  }

  @Test
  void anAbortedFileIsGone() throws IOException {
    TableLayout layout = Rows.layout(ColumnType.LONG);
    ColumnFileWriter writer = open(layout, Compression.ZSTD, 1, new EncodingHints());
    writer.write(Rows.batch(layout, List.<Object[]>of(new Object[] {1L})), null, 0);

    writer.abort();
    writer.abort();

    assertThat(directory).isEmptyDirectory();
  }

  private DataFile write(
      TableLayout layout, Compression compression, long rowGroupBytes, List<List<Object[]>> batches)
      throws IOException {
    ColumnFileWriter writer = open(layout, compression, rowGroupBytes, new EncodingHints());
    for (List<Object[]> rows : batches) {
      writer.write(Rows.batch(layout, rows), null, 0);
    }
    return writer.close();
  }

  private ColumnFileWriter open(
      TableLayout layout, Compression compression, long rowGroupBytes, EncodingHints hints)
      throws IOException {
    hadoop.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    return ColumnFileWriter.open(hadoop, path, Map.of(), layout, compression, rowGroupBytes, hints);
  }

  private ParquetMetadata footer() throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
      return reader.getFooter();
    }
  }

  /** One column of each type, some of few values, some of many. */
  private static List<Object[]> mixedRows(Random random, int count, double nulls) {
    List<ColumnType> types = RandomRows.FLAT;
    RandomRows other = new RandomRows(random, 0, 0);
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object[] row = new Object[types.size()];
      for (int c = 0; c < row.length; c++) {
        row[c] = random.nextDouble() < nulls ? null : value(types.get(c), other, random, i);
      }
      rows.add(row);
    }
    return rows;
  }

  private static Object value(ColumnType type, RandomRows other, Random random, int row) {
    return switch (type.kind()) {
      case LONG -> row + random.nextLong(1000);
      case STRING -> random.nextInt(3) == 0 ? "ärger €" + random.nextInt(40) : "s" + row / 100;
      case DATE -> 20_000 + random.nextInt(3);
      case TIMESTAMP -> 1_700_000_000_000_000L + row * 1000L * random.nextInt(5);
      default -> other.value(type);
    };
  }
}
