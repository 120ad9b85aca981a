package io.millrace.core.column;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ColumnBatchTest {
  private static final TableLayout LAYOUT =
      new TableLayout(
          List.of(
              new Column("n", ColumnType.LONG, Column.Role.FIELD),
              new Column("s", ColumnType.STRING, Column.Role.FIELD),
              new Column("p", ColumnType.INT, Column.Role.KAFKA_PARTITION),
              new Column("o", ColumnType.LONG, Column.Role.KAFKA_OFFSET),
              new Column("t", ColumnType.TIMESTAMP, Column.Role.KAFKA_TIMESTAMP),
              new Column("k", ColumnType.BINARY, Column.Role.KAFKA_KEY)));

  private final ColumnBatch batch = new ColumnBatch(LAYOUT);
  private final Random random = new Random(1);

  @Test
  void rowsComeBackWithTheirKafkaColumns() {
    List<List<Object>> rows = fill(5000);

    assertThat(batch.rows()).isEqualTo(5000);
    assertThat(content()).isEqualTo(rows);
  }

  @Test
  void aDiscardedRowLeavesNoTrace() {
    List<List<Object>> rows = fill(1500);

    batch.appendKey(ByteBuffer.allocate(9));
    ((LongVector) batch.vector(0)).append(7);
    batch.vector(1).appendNull();
    batch.discardRow();
    batch.appendKey(null);
    batch.discardRow();
    rows.addAll(fill(10));

    assertThat(content()).isEqualTo(rows);
  }

  @Test
  void textKeysAreReadAsJavaReadsThem() {
    ColumnBatch texts =
        new ColumnBatch(
            new TableLayout(List.of(new Column("k", ColumnType.STRING, Column.Role.KAFKA_KEY))));
    byte[][] keys = {
      "plain".getBytes(StandardCharsets.UTF_8),
      "\u0141\u00f3d\u017a \ud83d\ude00".getBytes(StandardCharsets.UTF_8),
      {'a', (byte) 0xc3, 'b', (byte) 0xff},
      {},
    };
    for (byte[] key : keys) {
      texts.appendKey(ByteBuffer.wrap(key));
      texts.endRow();
    }
    texts.appendKey(null);
    texts.endRow();

    BytesVector stored = (BytesVector) texts.vector(0);
    for (int row = 0; row < keys.length; row++) {
      byte[] expected =
          new String(keys[row], StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
      assertThat(Arrays.copyOfRange(stored.data(), stored.start(row), stored.ends()[row]))
          .isEqualTo(expected);
    }
    assertThat(stored.isNull(keys.length)).isTrue();
  }

  @Test
  void headersAreAMapAndNullWhereThereAreNone() {
    ColumnBatch rows =
        new ColumnBatch(
            new TableLayout(
                List.of(new Column("h", ColumnType.HEADERS, Column.Role.KAFKA_HEADERS))));
    Map<String, byte[]> two = new LinkedHashMap<>();
    two.put("a", new byte[] {1, 2});
    two.put("", null);
    rows.appendHeaders(two);
    rows.discardRow();
    rows.appendHeaders(two);
    rows.endRow();
    rows.appendHeaders(Map.of());
    rows.endRow();

    ListVector maps = (ListVector) rows.vector(0);
    assertThat(maps.ends()[0]).isEqualTo(2);
    assertThat(maps.isNull(0)).isFalse();
    assertThat(maps.isNull(1)).isTrue();
    StructVector items = (StructVector) maps.items();
    assertThat(items.size()).isEqualTo(2);
    BytesVector names = (BytesVector) items.member(0);
    assertThat(names.ends()[0]).isEqualTo(1);
    assertThat(names.ends()[1]).isEqualTo(1);
    BytesVector values = (BytesVector) items.member(1);
    assertThat(Arrays.copyOf(values.data(), values.ends()[0])).containsExactly(1, 2);
    assertThat(values.isNull(1)).isTrue();
  }

  @Test
  void onlyRetainedRowsStay() {
    List<List<Object>> rows = fill(3000);
    int[] kept = IntStream.range(0, 3000).filter(i -> random.nextInt(3) > 0).toArray();

    batch.retain(kept, kept.length);

    assertThat(content()).isEqualTo(IntStream.of(kept).mapToObj(rows::get).toList());
    int nulls = (int) content().stream().filter(row -> row.get(1) == null).count();
    assertThat(batch.vector(1).nullCount()).isEqualTo(nulls);
    List<List<Object>> all = new ArrayList<>(content());
    all.addAll(fill(500));
    assertThat(content()).isEqualTo(all);
  }

  @Test
  void aClearedBatchIsAsNew() {
    fill(3000);
    assertThat(batch.bytes()).isGreaterThan(3000 * 28);

    batch.clear();

    assertThat(batch.bytes()).isZero();
    List<List<Object>> rows = fill(4000);
    assertThat(content()).isEqualTo(rows);
  }

  @Test
  void nestedRowsComeBackFromAppendingDiscardingRetainingAndClearing() {
    for (int seed = 0; seed < 200; seed++) {
      NestedRows nested = new NestedRows(new Random(seed));
      for (int step = 0; step < 8; step++) {
        nested.change();
        assertThat(nested.content()).as("seed " + seed).isEqualTo(nested.expected);
        assertThat(nested.nullCounts()).as("seed " + seed).isEqualTo(nested.expectedNullCounts());
      }
      nested.batch.clear();
      assertThat(nested.batch.bytes()).isZero();
    }
  }

  /** A batch of {@code STRUCT<n: LONG, l: LIST<STRUCT<s: STRING>>>, MAP<STRING, LIST<LONG>>}. */
  private static final class NestedRows {
    private static final ColumnType TEXT =
        ColumnType.struct(List.of(Column.field("s", ColumnType.STRING)));
    private static final ColumnType STRUCT =
        ColumnType.struct(
            List.of(Column.field("n", ColumnType.LONG), Column.field("l", ColumnType.list(TEXT))));
    private static final ColumnType MAP = ColumnType.map(ColumnType.list(ColumnType.LONG));

    final ColumnBatch batch =
        new ColumnBatch(
            new TableLayout(List.of(Column.field("struct", STRUCT), Column.field("map", MAP))));
    private final Random random;
    List<List<Object>> expected = new ArrayList<>();

    NestedRows(Random random) {
      this.random = random;
    }

    void change() {
      int choice = random.nextInt(8);
      if (choice == 0) {
        batch.clear();
        expected = new ArrayList<>();
      } else if (choice < 3) {
        int[] kept = IntStream.range(0, batch.rows()).filter(i -> random.nextInt(3) > 0).toArray();
        batch.retain(kept, kept.length);
        expected = new ArrayList<>(IntStream.of(kept).mapToObj(expected::get).toList());
      } else {
        for (int i = random.nextInt(300); i > 0; i--) {
          appendUnfinished();
          batch.discardRow();
          List<Object> row = new ArrayList<>();
          row.add(append(STRUCT, batch.vector(0)));
          row.add(append(MAP, batch.vector(1)));
          batch.endRow();
          expected.add(row);
        }
      }
    }

    /** As a decoder leaves a row whose bytes end early. */
    private void appendUnfinished() {
      StructVector struct = (StructVector) batch.vector(0);
      ListVector list = (ListVector) struct.member(1);
      StructVector text = (StructVector) list.items();
      switch (random.nextInt(4)) {
        case 0 -> append(ColumnType.LONG, struct.member(0));
        case 1 -> append(TEXT, text);
        case 2 -> append(ColumnType.STRING, text.member(0));
        default -> {
          append(STRUCT, struct);
          ListVector map = (ListVector) batch.vector(1);
          StructVector entries = (StructVector) map.items();
          ((BytesVector) entries.member(0)).append(new byte[3], 0, 3);
          append(ColumnType.LONG, ((ListVector) entries.member(1)).items());
        }
      }
    }

    private Object append(ColumnType type, ColumnVector vector) {
      if (random.nextInt(4) == 0) {
        vector.appendNull();
        return null;
      }
      if (vector instanceof LongVector longs) {
        long value = random.nextLong();
        longs.append(value);
        return value;
      } else if (vector instanceof BytesVector bytes) {
        String text = "x".repeat(random.nextInt(4));
        bytes.append(text.getBytes(StandardCharsets.UTF_8), 0, text.length());
        return text;
      } else if (vector instanceof StructVector struct) {
        List<Object> members = new ArrayList<>();
        for (int i = 0; i < struct.members(); i++) {
          members.add(append(type.members().get(i).type(), struct.member(i)));
        }
        struct.endValue();
        return members;
      }
      ListVector list = (ListVector) vector;
      List<Object> items = new ArrayList<>();
      ColumnType item =
          type.kind() == ColumnType.Kind.MAP ? ColumnType.struct(type.members()) : type.element();
      for (int i = random.nextInt(4); i > 0; i--) {
        items.add(append(item, list.items()));
      }
      list.endValue();
      return items;
    }

    List<List<Object>> content() {
      List<List<Object>> rows = new ArrayList<>();
      for (int row = 0; row < batch.rows(); row++) {
        List<Object> values = new ArrayList<>();
        values.add(value(batch.vector(0), row));
        values.add(value(batch.vector(1), row));
        rows.add(values);
      }
      return rows;
    }

    List<Integer> nullCounts() {
      return List.of(batch.vector(0).nullCount(), batch.vector(1).nullCount());
    }

    List<Integer> expectedNullCounts() {
      return IntStream.range(0, 2)
          .mapToObj(i -> (int) expected.stream().filter(row -> row.get(i) == null).count())
          .toList();
    }
  }

  private List<List<Object>> fill(int count) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String key = random.nextInt(3) == 0 ? null : "key" + random.nextInt();
      byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
      ByteBuffer keyBuffer = null;
      if (key != null) {
        keyBuffer =
            random.nextBoolean()
                ? ByteBuffer.wrap(keyBytes)
                : ByteBuffer.allocateDirect(keyBytes.length).put(0, keyBytes);
      }
      batch.appendKey(keyBuffer);
      Long number = random.nextInt(5) == 0 ? null : random.nextLong();
      if (number == null) {
        batch.vector(0).appendNull();
      } else {
        ((LongVector) batch.vector(0)).append(number);
      }
      String text = random.nextInt(5) == 0 ? null : "x".repeat(random.nextInt(5));
      if (text == null) {
        batch.vector(1).appendNull();
      } else {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ((BytesVector) batch.vector(1)).append(bytes, 0, bytes.length);
      }
      int row = batch.endRow();
      batch.setKafka(row, i % 3, 100L + i, i);
      List<Object> expected = new ArrayList<>();
      expected.add(number);
      expected.add(text);
      expected.add(i % 3);
      expected.add(100L + i);
      expected.add(1000L * i);
      expected.add(key);
      rows.add(expected);
    }
    return rows;
  }

  private List<List<Object>> content() {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < LAYOUT.columns().size(); i++) {
        values.add(value(batch.vector(i), row));
      }
      rows.add(values);
    }
    return rows;
  }

  private static Object value(ColumnVector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    } else if (vector instanceof IntVector ints) {
      return ints.values()[row];
    } else if (vector instanceof LongVector longs) {
      return longs.values()[row];
    } else if (vector instanceof StructVector struct) {
      List<Object> members = new ArrayList<>();
      for (int i = 0; i < struct.members(); i++) {
        members.add(value(struct.member(i), row));
      }
      return members;
    } else if (vector instanceof ListVector list) {
      List<Object> items = new ArrayList<>();
      for (int item = list.start(row); item < list.ends()[row]; item++) {
        items.add(value(list.items(), item));
      }
      return items;
    }
    BytesVector bytes = (BytesVector) vector;
    int start = bytes.start(row);
    return new String(bytes.data(), start, bytes.ends()[row] - start, StandardCharsets.UTF_8);
  }
}
