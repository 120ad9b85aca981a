package io.millrace.core.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.avro.testing.RandomRecords;
import io.millrace.core.avro.testing.VectorValues;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.NumberTypes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of several writer schemas in one table. */
class EvolutionTest {
  private static final KafkaColumns NO_KAFKA =
      new KafkaColumns(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  private static final int CHAINS = 150;
  private static final int VERSIONS = 4;
  private static final int RECORDS = 10;

  @Test
  void recordsOfAllVersionsAreRowsOfTheWidenedTable() throws Exception {
    RandomRecords records = new RandomRecords(3);
    int compared = 0;
    for (int chain = 0; chain < CHAINS; chain++) {
      List<Schema> versions = new ArrayList<>(List.of(records.schema()));
      TableLayout layout = AvroTables.layout(versions.get(0), NO_KAFKA);
      for (int v = 1; v < VERSIONS; v++) {
        Schema next = records.successor(versions.get(v - 1));
        versions.add(next);
        AvroTables.Widened widened = AvroTables.widen(layout, next, NumberTypes.WIDE);
        assertThat(widened.refusals()).isEmpty();
        assertThat(widened.layout().columns().subList(0, layout.columns().size()))
            .extracting(Column::name)
            .isEqualTo(layout.columns().stream().map(Column::name).toList());
        layout = widened.layout();
        assertThat(AvroTables.widen(layout, next, NumberTypes.WIDE).layout()).isEqualTo(layout);
      }
      ColumnBatch batch = new ColumnBatch(layout);
      List<List<Object>> expected = new ArrayList<>();
      for (int r = 0; r < RECORDS; r++) {
        for (Schema version : versions) {
          byte[] bytes = records.record(version);
          GenericRecord read = RandomRecords.read(version, bytes);
          List<Object> values;
          try {
            values = ExpectedValues.row(read, layout.columns());
          } catch (ExpectedValues.Unstorable e) {
            continue;
          }
          AvroTables.decoder(version, layout).decode(ByteBuffer.wrap(bytes), batch);
          batch.endRow();
          expected.add(values);
        }
      }
      for (int row = 0; row < expected.size(); row++) {
        assertThat(VectorValues.row(batch, row)).isEqualTo(expected.get(row));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(CHAINS * VERSIONS * RECORDS * 3 / 4);
  }

  @Test
  void aProjectionPassesByWhatItLacks() throws Exception {
    RandomRecords records = new RandomRecords(4);
    for (int s = 0; s < 200; s++) {
      Schema schema = records.schema();
      List<Column> columns = new ArrayList<>(AvroTables.layout(schema, NO_KAFKA).columns());
      columns.removeIf(column -> column.name().hashCode() % 2 == 0);
      TableLayout some = new TableLayout(columns);
      ColumnBatch batch = new ColumnBatch(some);
      byte[] bytes = records.record(schema);
      List<Object> values;
      try {
        values = ExpectedValues.row(RandomRecords.read(schema, bytes), columns);
      } catch (ExpectedValues.Unstorable e) {
        continue;
      }
      AvroTables.projection(schema, some).decode(ByteBuffer.wrap(bytes), batch);
      batch.endRow();
      assertThat(VectorValues.row(batch, 0)).isEqualTo(values);
    }
  }

  @Test
  void aProjectionPassesByARecordThatContainsItself() throws Exception {
    Schema schema =
        schema(
            "{'name':'tree','type':{'type':'record','name':'Tree','fields':["
                + "{'name':'left','type':['null','Tree']}]}},{'name':'id','type':'long'}");
    TableLayout ids = new TableLayout(List.of(Column.field("id", ColumnType.LONG)));
    RecordDecoder decoder = AvroTables.projection(schema, ids);
    ColumnBatch batch = new ColumnBatch(ids);

    assertThatThrownBy(() -> decoder.decode(tree(1_000_000), batch))
        .isInstanceOfSatisfying(
            DecodeException.class,
            e -> assertThat(e.kind()).isEqualTo(DecodeException.Kind.TOO_LARGE));
    batch.discardRow();
    decoder.decode(tree(400), batch);
    batch.endRow();

    assertThat(VectorValues.row(batch, 0)).isEqualTo(List.of(7L));
  }

  /** Nested so deep, and the id 7. */
  private static ByteBuffer tree(int depth) {
    byte[] bytes = new byte[depth + 2];
    Arrays.fill(bytes, 0, depth, (byte) 2); // the second branch
    bytes[depth + 1] = 14; // zigzag
    return ByteBuffer.wrap(bytes);
  }

  @Test
  void theFirstNameOfARenamedFieldStays() throws Exception {
    Schema first = schema("{'name':'a','type':'int'}");
    Schema second = schema("{'name':'b','aliases':['a'],'type':'int'}");
    Schema third = schema("{'name':'c','aliases':['b'],'type':'int'}");
    TableLayout layout = AvroTables.layout(first, NO_KAFKA);
    layout = AvroTables.widen(layout, second, NumberTypes.WIDE).layout();
    layout = AvroTables.widen(layout, third, NumberTypes.WIDE).layout();

    assertThat(layout.columns())
        .containsExactly(new Column("a", ColumnType.LONG, Column.Role.FIELD, List.of("b", "c")));
    for (Schema version : List.of(first, second, third)) {
      assertThat(row(layout, version, 7)).containsExactly(7L);
    }
    TableLayout fromLatest = AvroTables.layout(second, NO_KAFKA);
    assertThat(row(fromLatest, first, 8)).containsExactly(8L);
    assertThat(AvroTables.widen(fromLatest, first, NumberTypes.WIDE).layout())
        .isEqualTo(fromLatest);
  }

  @Test
  void aFieldBesideItsOldNameGetsAColumnOfItsOwn() throws Exception {
    TableLayout layout = AvroTables.layout(schema("{'name':'a','type':'int'}"), NO_KAFKA);
    Schema both = schema("{'name':'b','aliases':['a'],'type':'int'},{'name':'a','type':'int'}");
    layout = AvroTables.widen(layout, both, NumberTypes.WIDE).layout();

    assertThat(layout.columns()).extracting(Column::name).containsExactly("a", "b");
    assertThat(row(layout, both, 1, 2)).containsExactly(2L, 1L);
  }

  @ParameterizedTest
  @CsvSource({
    "double, LONG",
    "string, LONG",
    "int, DATE",
    "long, TIMESTAMP",
    "boolean, LONG",
    "int, STRING",
    "long, BINARY",
    "string, DOUBLE"
  })
  void aTypeThatTheColumnCannotTakeIsRefusedValueByValue(String avro, String column)
      throws Exception {
    ColumnType type = (ColumnType) ColumnType.class.getField(column).get(null);
    TableLayout layout = new TableLayout(List.of(Column.field("f", type)));
    Schema writer = schema("{'name':'f','type':['null','" + avro + "']}");

    assertThat(AvroTables.widen(layout, writer, NumberTypes.WIDE).layout()).isEqualTo(layout);
    assertThat(AvroTables.conflicts(writer, layout))
        .containsExactly("f: a value of type " + avro + " for a column of type " + column);
    assertThat(row(layout, writer, (Object) null)).containsExactly((Object) null);
    RecordDecoder decoder = AvroTables.decoder(writer, layout);
    assertThatThrownBy(
            () -> decoder.decode(ByteBuffer.wrap(new byte[] {2, 0}), new ColumnBatch(layout)))
        .isInstanceOfSatisfying(
            DecodeException.class,
            e -> assertThat(e.kind()).isEqualTo(DecodeException.Kind.TYPE_CONFLICT))
        .hasMessageContaining("field f at byte 1: a value of type " + avro);
  }

  @ParameterizedTest
  @CsvSource({
    "long, INT, 2147483647, 2147483648",
    "long, DOUBLE, 9007199254740992, 9007199254740993",
    "long, FLOAT, 16777216, 16777217"
  })
  void aNumberThatItsColumnCannotHoldExactlyIsRefused(
      String avro, String column, long fits, long doesNot) throws Exception {
    ColumnType type = (ColumnType) ColumnType.class.getField(column).get(null);
    TableLayout layout = new TableLayout(List.of(Column.field("f", type)));
    Schema writer = schema("{'name':'f','type':'" + avro + "'}");

    assertThat(((Number) row(layout, writer, fits).get(0)).longValue()).isEqualTo(fits);
    assertThatThrownBy(() -> row(layout, writer, doesNot))
        .isInstanceOfSatisfying(
            DecodeException.class,
            e -> assertThat(e.kind()).isEqualTo(DecodeException.Kind.OUT_OF_RANGE));
  }

  @Test
  void aFieldThatDiffersFromAColumnByCaseOnlyIsRefusedWhereItHasAValue() throws Exception {
    TableLayout layout = AvroTables.layout(schema("{'name':'a','type':'int'}"), NO_KAFKA);
    Schema writer = schema("{'name':'A','type':['null','int']}");

    AvroTables.Widened widened = AvroTables.widen(layout, writer, NumberTypes.WIDE);

    assertThat(widened.layout()).isEqualTo(layout);
    assertThat(widened.refusals())
        .containsExactly("A: its name differs from column a only by case");
    assertThat(row(layout, writer, (Object) null)).containsExactly((Object) null);
    assertThatThrownBy(() -> row(layout, writer, 1)).hasMessageContaining("only by case");
  }

  @Test
  void aRecursiveRecordIsRefusedAtTheStartAndLeftOutLater() {
    Schema tree =
        schema(
            "{'name':'id','type':'int'},{'name':'tree','type':['null',{'type':'record',"
                + "'name':'Tree','fields':[{'name':'left','type':['null','Tree']}]}]}");
    assertThatThrownBy(() -> AvroTables.layout(tree, NO_KAFKA))
        .hasMessageContaining("record test.Tree contains itself");

    TableLayout layout = AvroTables.layout(schema("{'name':'id','type':'int'}"), NO_KAFKA);
    AvroTables.Widened widened = AvroTables.widen(layout, tree, NumberTypes.WIDE);
    assertThat(widened.layout()).isEqualTo(layout);
    assertThat(widened.refusals()).singleElement().asString().contains("contains itself");
    assertThat(AvroTables.conflicts(tree, layout)).hasSize(1);
  }

  @Test
  void aBranchInsertedIntoAUnionMovesNothing() throws Exception {
    Schema before = schema("{'name':'u','type':['string','long']}");
    Schema after = schema("{'name':'u','type':['null','int','long','string']}");
    TableLayout layout = AvroTables.layout(before, NO_KAFKA);
    TableLayout widened = AvroTables.widen(layout, after, NumberTypes.WIDE).layout();

    assertThat(widened.columns().get(0).type().members())
        .extracting(Column::name)
        .containsExactly("member_string", "member_long", "member_int");
    assertThat(row(widened, before, "x").get(0))
        .isEqualTo(java.util.Arrays.asList("x", null, null));
    assertThat(row(widened, after, 5L).get(0)).isEqualTo(java.util.Arrays.asList(null, 5L, null));
    assertThat(row(widened, schema("{'name':'u','type':'long'}"), 6L).get(0))
        .isEqualTo(java.util.Arrays.asList(null, 6L, null));
  }

  @Test
  void aUnionThatGrowsOutOfAColumnKeepsWhatFits() throws Exception {
    TableLayout layout = AvroTables.layout(schema("{'name':'u','type':'string'}"), NO_KAFKA);
    Schema after = schema("{'name':'u','type':['null','long','string']}");
    assertThat(AvroTables.widen(layout, after, NumberTypes.WIDE).layout()).isEqualTo(layout);

    assertThat(row(layout, after, "kept")).containsExactly("kept");
    assertThatThrownBy(() -> row(layout, after, 3L)).hasMessageContaining("of type long");
  }

  @Test
  void theLastOfEqualKeysCounts() throws Exception {
    Schema schema =
        schema("{'name':'m','type':{'type':'map','values':{'type':'array','items':'int'}}}");
    TableLayout layout = AvroTables.layout(schema, NO_KAFKA);
    for (int others : new int[] {0, 40}) {
      java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
      var encoder = org.apache.avro.io.EncoderFactory.get().binaryEncoder(out, null);
      encoder.writeMapStart();
      encoder.setItemCount(3 + others);
      for (int i = 0; i < 3 + others; i++) {
        encoder.startItem();
        encoder.writeString(i < 3 ? "twice".substring(0, i == 1 ? 3 : 5) : "key" + i);
        encoder.writeArrayStart();
        encoder.setItemCount(1);
        encoder.startItem();
        encoder.writeInt(i);
        encoder.writeArrayEnd();
      }
      encoder.writeMapEnd();
      encoder.flush();
      ColumnBatch batch = new ColumnBatch(layout);
      AvroTables.decoder(schema, layout).decode(ByteBuffer.wrap(out.toByteArray()), batch);
      batch.endRow();

      Map<?, ?> map = (Map<?, ?>) VectorValues.row(batch, 0).get(0);
      assertThat(map).hasSize(2 + others);
      assertThat(map.get("twice")).isEqualTo(List.of(2L));
      assertThat(map.get("twi")).isEqualTo(List.of(1L));
    }
  }

  @Test
  void recordsInRecordsThatDoubleWithEachLevelAreRefused() throws Exception {
    String type = "'int'";
    for (int level = 0; level < 40; level++) {
      String again = level == 0 ? "'int'" : "'R" + (level - 1) + "'";
      type =
          "{'type':'record','name':'R%d','fields':[{'name':'a','type':%s},{'name':'b','type':%s}]}"
              .formatted(level, type, again);
    }
    String list = "{'name':'l','type':['null',{'type':'array','items':" + type + "}]}";
    Schema schema = schema("{'name':'id','type':'int'}," + list);
    Schema plain = schema("{'name':'id','type':'int'}");
    TableLayout layout = AvroTables.layout(plain, NO_KAFKA);

    assertThatThrownBy(() -> AvroTables.layout(schema, NO_KAFKA))
        .hasMessageContaining("more than 10,000 columns");
    AvroTables.Widened widened = AvroTables.widen(layout, schema, NumberTypes.WIDE);
    assertThat(widened.layout()).isEqualTo(layout);
    assertThat(widened.refusals()).singleElement().asString().startsWith("l: it has more than");
    // A record without a value in it is a row, and a projection passes it by.
    assertThat(row(layout, schema, 5, null)).isEqualTo(List.of(5L));
    ColumnBatch batch = new ColumnBatch(layout);
    AvroTables.projection(schema, layout).decode(ByteBuffer.wrap(new byte[] {10, 2, 0}), batch);
    batch.endRow();
    assertThat(VectorValues.row(batch, 0)).isEqualTo(List.of(5L));
  }

  @Test
  void keysThatAreRepairedToTheSameTextAreEqual() throws Exception {
    Schema schema = schema("{'name':'m','type':{'type':'map','values':'int'}}");
    TableLayout layout = AvroTables.layout(schema, NO_KAFKA);
    byte[] keys = {(byte) 0x80, 'a', (byte) 0xff, (byte) 0xc0};
    byte[] payload = new byte[2 + 3 * keys.length];
    payload[0] = (byte) (2 * keys.length);
    for (int i = 0; i < keys.length; i++) {
      payload[1 + 3 * i] = 2;
      payload[2 + 3 * i] = keys[i];
      payload[3 + 3 * i] = (byte) (2 * i);
    }
    ColumnBatch batch = new ColumnBatch(layout);
    AvroTables.decoder(schema, layout).decode(ByteBuffer.wrap(payload), batch);
    batch.endRow();

    assertThat(VectorValues.row(batch, 0).get(0)).isEqualTo(Map.of("a", 1L, "\uFFFD", 3L));
    assertThat(RandomRecords.read(schema, payload).get(0)).isEqualTo(Map.of("a", 1, "\uFFFD", 3));
  }

  @Test
  void nullsThatTakeMoreThanTheirBytesAreTooLarge() throws Exception {
    StringBuilder wide = new StringBuilder("{'type':'record','name':'Wide','fields':[");
    for (int i = 0; i < 100; i++) {
      wide.append(i == 0 ? "" : ",").append("{'name':'f" + i + "','type':['null','int']}");
    }
    Schema schema = schema("{'name':'a','type':{'type':'array','items':['null'," + wide + "]}]}}");
    TableLayout layout = AvroTables.layout(schema, NO_KAFKA);
    ColumnBatch batch = new ColumnBatch(layout);
    RecordDecoder decoder = AvroTables.decoder(schema, layout);
    java.io.ByteArrayOutputStream few = new java.io.ByteArrayOutputStream();
    java.io.ByteArrayOutputStream many = new java.io.ByteArrayOutputStream();
    for (java.io.ByteArrayOutputStream out : List.of(few, many)) {
      var encoder = org.apache.avro.io.EncoderFactory.get().directBinaryEncoder(out, null);
      int nulls = out == few ? 2_000 : 4_000;
      encoder.writeLong(nulls);
      encoder.writeFixed(new byte[nulls + 1]);
    }

    decoder.decode(ByteBuffer.wrap(few.toByteArray()), batch);
    batch.endRow();
    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(many.toByteArray()), batch))
        .isInstanceOfSatisfying(
            DecodeException.class,
            e -> assertThat(e.kind()).isEqualTo(DecodeException.Kind.TOO_LARGE))
        .hasMessageContaining("values in its items");
  }

  @Test
  void aRecordWhoseFieldsAreNamedLikeMembersIsNoUnion() throws Exception {
    Schema schema =
        schema(
            "{'name':'r','type':{'type':'record','name':'Inner','fields':["
                + "{'name':'member_a','type':'int'}]}}");
    TableLayout layout = AvroTables.layout(schema, NO_KAFKA);
    GenericRecord inner = new GenericData.Record(schema.getField("r").schema());
    inner.put(0, 4);

    assertThat(AvroTables.widen(layout, schema, NumberTypes.WIDE).layout()).isEqualTo(layout);
    assertThat(row(layout, schema, inner).get(0)).isEqualTo(List.of(4L));
  }

  private static List<Object> row(TableLayout layout, Schema writer, Object... values)
      throws Exception {
    GenericRecord record = new GenericData.Record(writer);
    for (int i = 0; i < values.length; i++) {
      record.put(i, values[i]);
    }
    ColumnBatch batch = new ColumnBatch(layout);
    AvroTables.decoder(writer, layout).decode(ByteBuffer.wrap(RandomRecords.bytes(record)), batch);
    batch.endRow();
    return VectorValues.row(batch, 0);
  }

  private static Schema schema(String fields) {
    String json = "{'type':'record','name':'Row','namespace':'test','fields':[" + fields + "]}";
    return new Schema.Parser().parse(json.replace('\'', '"'));
  }
}
