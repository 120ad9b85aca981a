package io.millrace.lake.verify;

import static io.millrace.core.column.ColumnType.BINARY;
import static io.millrace.core.column.ColumnType.BOOLEAN;
import static io.millrace.core.column.ColumnType.DATE;
import static io.millrace.core.column.ColumnType.DOUBLE;
import static io.millrace.core.column.ColumnType.FLOAT;
import static io.millrace.core.column.ColumnType.INT;
import static io.millrace.core.column.ColumnType.LONG;
import static io.millrace.core.column.ColumnType.STRING;
import static io.millrace.core.column.ColumnType.TIMESTAMP;
import static io.millrace.core.column.ColumnType.TIMESTAMP_NTZ;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.core.avro.testing.RandomRecords;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a column should hold of a field, type by type, and which values it can't. */
class ValueRulesTest {
  private static final String UNDECODABLE = "undecodable";
  private static final String UNSTORABLE = "unstorable: ";

  @Test
  void numbersWidenAndNarrowOnlyWhereExact() throws IOException {
    assertThat(value("\"int\"", 5, LONG)).isEqualTo("5");
    assertThat(value("\"int\"", 5, DOUBLE)).isEqualTo("5.0");
    assertThat(value("\"long\"", 5L, INT)).isEqualTo("5");
    assertThat(value("\"long\"", 1L << 31, INT)).isEqualTo(UNSTORABLE + "f");
    assertThat(value("\"long\"", 1L << 53, DOUBLE)).isEqualTo("9.007199254740992E15");
    assertThat(value("\"long\"", (1L << 53) + 1, DOUBLE)).isEqualTo(UNSTORABLE + "f");
    assertThat(value("\"int\"", 1 << 24, FLOAT)).isEqualTo("1.6777216E7");
    assertThat(value("\"int\"", (1 << 24) + 1, FLOAT)).isEqualTo(UNSTORABLE + "f");
    assertThat(value("\"float\"", 0.1f, DOUBLE)).isEqualTo("0.10000000149011612");
    assertThat(value("\"double\"", 0.5, FLOAT)).isEqualTo("0.5");
    assertThat(value("\"double\"", Double.NaN, FLOAT)).isEqualTo("NaN");
    assertThat(value("\"double\"", 0.1, FLOAT)).isEqualTo(UNSTORABLE + "f");
    assertThat(value("\"double\"", 0.1, LONG)).isEqualTo(UNSTORABLE + "f");
    assertThat(value("\"boolean\"", true, LONG)).isEqualTo(UNSTORABLE + "f");
  }

  @Test
  void timesKeepTheirInstant() throws IOException {
    assertThat(value(logical("int", "date"), 1, DATE)).isEqualTo("1970-01-02");
    assertThat(value(logical("int", "time-millis"), 7, LONG)).isEqualTo("7000");
    assertThat(value(logical("long", "time-micros"), 7L, LONG)).isEqualTo("7");
    assertThat(value(logical("long", "timestamp-millis"), 7L, TIMESTAMP))
        .isEqualTo("1970-01-01T00:00:00.007Z");
    assertThat(value(logical("long", "timestamp-micros"), 7L, TIMESTAMP))
        .isEqualTo("1970-01-01T00:00:00.000007Z");
    assertThat(value(logical("long", "timestamp-nanos"), 7L, LONG)).isEqualTo("7");
    assertThat(value(logical("long", "local-timestamp-millis"), 7L, TIMESTAMP_NTZ))
        .isEqualTo("1970-01-01T00:00:00.007");
    assertThat(value(logical("long", "timestamp-millis"), Long.MAX_VALUE / 999, TIMESTAMP))
        .isEqualTo(UNSTORABLE + "f");
    assertThat(value(logical("long", "timestamp-millis"), 7L, TIMESTAMP_NTZ))
        .isEqualTo(UNSTORABLE + "f");
    assertThat(value("\"long\"", 7L, TIMESTAMP)).isEqualTo(UNSTORABLE + "f");
  }

  @Test
  void decimalsKeepTheirValueAtTheColumnsScale() throws IOException {
    String cents = "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":60,\"scale\":2}";
    ByteBuffer amount = ByteBuffer.wrap(new byte[] {0x30, 0x34}); // 123.40
    assertThat(value(cents, amount, ColumnType.decimal(10, 2))).isEqualTo("123.40");
    assertThat(value(cents, amount, ColumnType.decimal(38, 4))).isEqualTo("123.4000");
    assertThat(value(cents, amount, ColumnType.decimal(4, 1))).isEqualTo("123.4");
    assertThat(value(cents, amount, ColumnType.decimal(4, 0))).isEqualTo(UNSTORABLE + "f");
    assertThat(value(cents, amount, ColumnType.decimal(3, 1))).isEqualTo(UNSTORABLE + "f");
    assertThat(value(cents, amount, STRING)).isEqualTo("\"123.40\"");
    assertThat(value(cents, amount, BINARY)).isEqualTo(UNSTORABLE + "f");
    assertThat(value(cents, ByteBuffer.allocate(0), STRING)).isEqualTo(UNSTORABLE + "f");
    assertThat(value(cents, ByteBuffer.allocate(1001), STRING)).isEqualTo("\"0.00\"");
    assertThat(value(cents, ByteBuffer.allocate(129).put(0, (byte) 1), STRING))
        .isEqualTo(UNSTORABLE + "f");
  }

  @Test
  void bytesAndTextTurnIntoEachOtherWhereTheyCan() throws IOException {
    ByteBuffer broken = ByteBuffer.wrap(new byte[] {'a', (byte) 0xff});
    assertThat(value("\"bytes\"", broken, BINARY)).isEqualTo("0x61ff");
    assertThat(value("\"bytes\"", broken, STRING)).isEqualTo(UNSTORABLE + "f");
    assertThat(value("\"bytes\"", ByteBuffer.wrap(new byte[] {'a'}), STRING)).isEqualTo("\"a\"");
    assertThat(value("\"string\"", "a", BINARY)).isEqualTo("0x61");
    // The same bytes, read as a string: as Java reads them.
    assertThat(text(record("\"string\""), List.of(Column.field("f", STRING)), 4, 'a', 0xff))
        .isEqualTo("\"a\ufffd\"");
    assertThat(text(record("\"string\""), List.of(Column.field("f", BINARY)), 4, 'a', 0xff))
        .isEqualTo("0x61ff");
  }

  @Test
  void fixedUuidAndDuration() throws IOException {
    Schema uuid = parse("{\"type\":\"fixed\",\"name\":\"U\",\"size\":16,\"logicalType\":\"uuid\"}");
    Schema span =
        parse("{\"type\":\"fixed\",\"name\":\"D\",\"size\":12,\"logicalType\":\"duration\"}");
    byte[] bytes = new byte[16];
    bytes[15] = 1;
    ColumnType parts =
        ColumnType.struct(
            List.of(
                Column.field("months", LONG),
                Column.field("days", LONG),
                Column.field("millis", LONG)));
    assertThat(value(uuid.toString(), new GenericData.Fixed(uuid, bytes), STRING))
        .isEqualTo("\"00000000-0000-0000-0000-000000000001\"");
    assertThat(value(uuid.toString(), new GenericData.Fixed(uuid, bytes), BINARY))
        .isEqualTo(UNSTORABLE + "f");
    byte[] months = Arrays.copyOf(new byte[] {-1, -1, -1, -1, 2}, 12);
    assertThat(value(span.toString(), new GenericData.Fixed(span, months), parts))
        .isEqualTo("{months: 4294967295, days: 2, millis: 0}");
  }

  @Test
  void aUnionsValueIsTheMemberOfItsType() throws IOException {
    ColumnType union =
        ColumnType.struct(
            List.of(
                Column.field("member_long", LONG),
                Column.field("member_string", STRING),
                Column.field("member_b_r", ColumnType.struct(List.of(Column.field("x", LONG)))),
                Column.field("member_r", ColumnType.struct(List.of(Column.field("x", LONG))))));
    String a =
        "{\"type\":\"record\",\"name\":\"R\",\"namespace\":\"a\",\"fields\":["
            + "{\"name\":\"x\",\"type\":\"long\"}]}";
    String types = "[\"null\",\"string\",\"long\"," + a + "," + a.replace("\"a\"", "\"b\"") + "]";
    List<Schema> branches = parse(types).getTypes();

    assertThat(value(types, null, union)).isEqualTo("null");
    assertThat(value(types, 5L, union)).isEqualTo("{member_long: 5}");
    assertThat(value(types, "s", union)).isEqualTo("{member_string: \"s\"}");
    assertThat(value(types, with(branches.get(4), "x", 1L), union))
        .isEqualTo("{member_b_r: {x: 1}}");
    // Two have the name, and the table has no member of this one's full name.
    assertThat(value(types, with(branches.get(3), "x", 1L), union)).isEqualTo("{member_r: {x: 1}}");
    assertThat(value("\"long\"", 5L, union)).isEqualTo("{member_long: 5}");
    assertThat(value("\"boolean\"", true, union)).isEqualTo(UNSTORABLE + "f");
    assertThat(value("[\"null\",\"boolean\"]", null, union)).isEqualTo("null");
    // Into a column of one type the branches that it takes.
    assertThat(value("[\"string\",\"long\"]", 5L, LONG)).isEqualTo("5");
    assertThat(value("[\"string\",\"long\"]", "5", LONG)).isEqualTo(UNSTORABLE + "f");
  }

  @Test
  void fieldsFindTheirColumnByNameOrAlias() throws IOException {
    Column renamed = new Column("old", LONG, Column.Role.FIELD, List.of("new"));
    assertThat(value(renamed, "{\"name\":\"new\",\"type\":\"long\"}", 5L)).isEqualTo("5");
    assertThat(value(renamed, "{\"name\":\"old\",\"type\":\"long\"}", 5L)).isEqualTo("5");
    assertThat(value(renamed, "{\"name\":\"f\",\"aliases\":[\"new\"],\"type\":\"long\"}", 5L))
        .isEqualTo("5");
    assertThat(value(renamed, "{\"name\":\"f\",\"aliases\":[\"old\"],\"type\":\"long\"}", 5L))
        .isEqualTo("5");
    assertThat(value(renamed, "{\"name\":\"f\",\"type\":\"long\"}", 5L))
        .isEqualTo(UNSTORABLE + "f");
    assertThat(value(renamed, "{\"name\":\"f\",\"type\":[\"null\",\"long\"]}", null))
        .isEqualTo("null");
    Column outer = Column.field("r", ColumnType.struct(List.of(renamed)));
    String inner =
        "{\"type\":\"record\",\"name\":\"I\",\"fields\":["
            + "{\"name\":\"new\",\"type\":\"long\"},{\"name\":\"z\",\"type\":[\"null\",\"int\"]}]}";
    GenericRecord record = with(parse(inner), "new", 5L);
    assertThat(value(outer, "{\"name\":\"r\",\"type\":" + inner + "}", record))
        .isEqualTo("{old: 5}");
    record.put("z", 1);
    assertThat(value(outer, "{\"name\":\"r\",\"type\":" + inner + "}", record))
        .isEqualTo(UNSTORABLE + "r.z");
  }

  @Test
  void aRecordWithoutValuesIsPresent() throws IOException {
    Schema empty = parse("{\"type\":\"record\",\"name\":\"E\",\"fields\":[]}");
    ColumnType present = ColumnType.struct(List.of(Column.field("$present", BOOLEAN)));
    assertThat(value(empty.toString(), new GenericData.Record(empty), present))
        .isEqualTo("{$present: true}");
  }

  @Test
  void theLastOfEqualKeysCounts() throws IOException {
    ColumnType map = ColumnType.map(LONG);
    Schema writer = record("{\"type\":\"map\",\"values\":\"long\"}");
    assertThat(text(writer, List.of(Column.field("f", map)), 6, 2, 'b', 2, 2, 'a', 4, 2, 'b', 6, 0))
        .isEqualTo("{\"a\": 2, \"b\": 3}");
  }

  @Test
  void schemasThatAreNoRecordCantBeRows() {
    assertThat(text(parse("\"long\""), List.of(Column.field("f", LONG)), 2))
        .isEqualTo(UNSTORABLE + "the whole record");
  }

  /** Each item takes no bytes, so that only a limit says how many are read. */
  @Test
  void moreEmptyItemsThanAreTaken() throws IOException {
    Schema writer = record("{\"type\":\"array\",\"items\":\"null\"}");
    List<Column> columns = List.of(Column.field("f", ColumnType.list(BOOLEAN)));

    // Which of both it is depends on Avro's own limits, which other tests set for the process.
    for (long items : new long[] {1001, 1 << 20, Integer.MAX_VALUE - 8, 1L << 40}) {
      assertThat(text(writer, columns, numbers(items, 0)))
          .isIn(UNDECODABLE, UNSTORABLE + "the whole record");
    }
    assertThat(text(writer, columns, numbers(500, 501, 0)))
        .isIn(UNDECODABLE, UNSTORABLE + "the whole record");
    assertThat(text(writer, columns, numbers(1000, 0))).startsWith("[null, null");
  }

  /** Lengths far beyond the record. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"string\"",
        "\"bytes\"",
        "{\"type\":\"array\",\"items\":\"long\"}",
        "{\"type\":\"map\",\"values\":\"long\"}",
        "{\"type\":\"array\",\"items\":{\"type\":\"array\",\"items\":\"string\"}}",
        "{\"type\":\"fixed\",\"name\":\"F\",\"size\":900000}"
      })
  void lengthsThatAreNotThereTakeNoMemory(String type) throws IOException {
    List<Column> columns = List.of(Column.field("f", STRING));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Schema writer = record(type);
    assertThat(text(writer, columns, 0x7f)).isEqualTo(UNDECODABLE); // loads classes
    for (long length : new long[] {1 << 20, Integer.MAX_VALUE - 8, 1L << 31, 1L << 60, -1}) {
      byte[] bytes = numbers(length, 1, length, length);
      long before = threads.getCurrentThreadAllocatedBytes();
      String outcome = text(writer, columns, bytes);
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(500_000);
      assertThat(outcome).isEqualTo(UNDECODABLE);
    }
  }

  @Test
  void recordsInEachOtherWithoutEndTakeNoStack() {
    Schema writer =
        parse(
            "{\"type\":\"record\",\"name\":\"N\",\"fields\":["
                + "{\"name\":\"f\",\"type\":[\"null\",\"N\"]}]}");
    byte[] deep = new byte[1_000_001];
    Arrays.fill(deep, 0, deep.length - 1, (byte) 2);

    assertThat(text(writer, List.of(Column.field("g", LONG)), deep)).isEqualTo(UNDECODABLE);
    assertThat(text(writer, List.of(Column.field("g", LONG)), 2, 2, 0)).isEqualTo(UNSTORABLE + "f");
    assertThat(text(writer, List.of(Column.field("g", LONG)), 0)).isEqualTo("null");
  }

  private static Schema parse(String json) {
    return new Schema.Parser().parse(json);
  }

  private static String logical(String type, String logical) {
    return "{\"type\":\"" + type + "\",\"logicalType\":\"" + logical + "\"}";
  }

  private static Schema record(String type) {
    return recordOf("{\"name\":\"f\",\"type\":" + type + "}");
  }

  private static Schema recordOf(String field) {
    return parse("{\"type\":\"record\",\"name\":\"Row\",\"fields\":[" + field + "]}");
  }

  private static GenericRecord with(Schema schema, String field, Object value) {
    GenericRecord record = new GenericData.Record(schema);
    record.put(field, value);
    return record;
  }

  private static String value(String type, Object value, ColumnType column) throws IOException {
    return value(Column.field("f", column), "{\"name\":\"f\",\"type\":" + type + "}", value);
  }

  private static String value(Column column, String field, Object value) throws IOException {
    Schema writer = recordOf(field);
    GenericRecord record = with(writer, writer.getFields().get(0).name(), value);
    return text(writer, List.of(column), RandomRecords.bytes(record));
  }

  private static String text(Schema writer, List<Column> columns, int... avro) {
    byte[] bytes = new byte[avro.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) avro[i];
    }
    return text(writer, columns, bytes);
  }

  /** The first column's value, or why the record can't be a row. */
  private static String text(Schema writer, List<Column> columns, byte[] avro) {
    List<ValueColumn> compared =
        columns.stream()
            .map(
                c ->
                    new ValueColumn(
                        c.name(), c.type(), ValueColumn.Source.FIELD, null, c.aliases()))
            .toList();
    TopicValues values =
        new TopicValues(compared, new WriterSchemas(new KnownSchemas(Map.of(1, writer))));
    ConsumerRecord<ByteBuffer, ByteBuffer> record =
        new ConsumerRecord<>("t", 0, 0, null, KnownSchemas.payload(1, avro));
    ValueSums sums = new ValueSums();
    values.add(record, sums);
    return sums.undecodable.contains(0)
        ? UNDECODABLE
        : sums.unstorable.contains(0)
            ? UNSTORABLE + String.join(", ", sums.unstorableFields())
            : values.text(record, 0);
  }

  private static byte[] numbers(long... numbers) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    for (long number : numbers) {
      encoder.writeLong(number);
    }
    return bytes.toByteArray();
  }
}
