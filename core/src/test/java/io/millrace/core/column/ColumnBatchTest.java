package io.millrace.core.column;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
    }
    BytesVector bytes = (BytesVector) vector;
    int start = bytes.start(row);
    return new String(bytes.data(), start, bytes.ends()[row] - start, StandardCharsets.UTF_8);
  }
}
