package io.millrace.core.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.avro.testing.RandomRecords;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.DoubleVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroTablesTest {
  private static final KafkaColumns WITH_KEY =
      new KafkaColumns(
          Optional.of("kafka_partition"),
          Optional.of("kafka_offset"),
          Optional.of("kafka_timestamp"),
          Optional.of("kafka_key"));

  @Test
  void fieldsComeInOrderThenTheKafkaColumns() {
    Schema schema =
        record(
            """
            {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
            {"name": "nothing", "type": "null"},
            {"name": "n", "type": "int"},
            {"name": "ratio", "type": ["null", "float"]}""");

    assertThat(AvroTables.layout(schema, WITH_KEY).columns())
        .containsExactly(
            new Column("at", ColumnType.TIMESTAMP, Column.Role.FIELD),
            new Column("n", ColumnType.LONG, Column.Role.FIELD),
            new Column("ratio", ColumnType.DOUBLE, Column.Role.FIELD),
            new Column("kafka_partition", ColumnType.INT, Column.Role.KAFKA_PARTITION),
            new Column("kafka_offset", ColumnType.LONG, Column.Role.KAFKA_OFFSET),
            new Column("kafka_timestamp", ColumnType.TIMESTAMP, Column.Role.KAFKA_TIMESTAMP),
            new Column("kafka_key", ColumnType.BINARY, Column.Role.KAFKA_KEY));
  }

  @Test
  void anUnknownLogicalTypeCountsAsItsBaseType() {
    Schema schema = record("{'name': 'f', 'type': {'type': 'string', 'logicalType': 'my-own'}}");

    assertThat(AvroTables.layout(schema, WITH_KEY).columns().get(0).type())
        .isEqualTo(ColumnType.STRING);
  }

  @Test
  void whatIsNoRecordIsRefused() {
    assertRefused(
        () -> AvroTables.layout(Schema.create(Schema.Type.STRING), WITH_KEY),
        ExitCode.USAGE,
        "a table needs a record");
  }

  @Test
  void namesThatClashAreRefused() {
    assertRefused(
        () ->
            AvroTables.layout(
                record("{'name':'a','type':'int'},{'name':'A','type':'int'}"), WITH_KEY),
        ExitCode.USAGE,
        "fields a and A differ only by case");
    assertRefused(
        () -> AvroTables.layout(record("{'name':'Kafka_Offset','type':'int'}"), WITH_KEY),
        ExitCode.USAGE,
        "Set the stream's columns.offset to another name or to off, or rename the field");
  }

  @Test
  void aCharacterThatDeltaRefusesIsRefused() {
    Schema schema =
        new Schema.Parser(NameValidator.NO_VALIDATION)
            .parse(
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a b\",\"type\":\"int\"}]}");

    assertRefused(() -> AvroTables.layout(schema, WITH_KEY), ExitCode.USAGE, "for example to a_b");
  }

  @Test
  void fieldsAreFoundByNameAndMissingOnesAreNull() throws DecodeException {
    Schema newest =
        record(
            "{'name':'a','type':'long'},{'name':'b','type':'string'},{'name':'c','type':'double'}");
    TableLayout layout = AvroTables.layout(newest, WITH_KEY);
    Schema older = record("{'name':'c','type':'int'},{'name':'a','type':'int'}");
    ColumnBatch batch = new ColumnBatch(layout);

    AvroTables.decoder(older, layout).decode(ByteBuffer.wrap(new byte[] {6, 3}), batch);
    batch.endRow();

    assertThat(((LongVector) batch.vector(0)).values()[0]).isEqualTo(-2);
    assertThat(batch.vector(1).isNull(0)).isTrue();
    assertThat(((DoubleVector) batch.vector(2)).values()[0]).isEqualTo(3.0);
  }

  @Test
  void theBufferKeepsItsPosition() throws DecodeException {
    Schema schema = record("{'name':'a','type':'long'}");
    TableLayout layout = AvroTables.layout(schema, WITH_KEY);
    ByteBuffer payload = ByteBuffer.wrap(new byte[] {9, 9, 4}).position(2);

    AvroTables.decoder(schema, layout).decode(payload, new ColumnBatch(layout));

    assertThat(payload.position()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "c3 28, ef bf bd 28",
    "c0 af, ef bf bd ef bf bd",
    "ed a0 80, ef bf bd",
    "e2 82, ef bf bd",
    "f4 90 80 80, ef bf bd ef bf bd ef bf bd ef bf bd",
    "f0 9f 98 80, f0 9f 98 80",
    "61 61 61 61 61 61 61 61 ff, 61 61 61 61 61 61 61 61 ef bf bd"
  })
  void malformedTextBecomesWhatAvroReads(String in, String out) throws DecodeException {
    byte[] text = hex(in);
    Schema schema = record("{'name':'s','type':'string'}");
    TableLayout layout = AvroTables.layout(schema, WITH_KEY);
    ColumnBatch batch = new ColumnBatch(layout);
    ByteBuffer payload =
        ByteBuffer.allocate(text.length + 1).put((byte) (2 * text.length)).put(text).flip();

    AvroTables.decoder(schema, layout).decode(payload, batch);
    batch.endRow();

    BytesVector column = (BytesVector) batch.vector(0);
    byte[] stored = java.util.Arrays.copyOf(column.data(), column.ends()[0]);
    String avro = RandomRecords.read(schema, payload.array()).get(0).toString();
    assertThat(stored).isEqualTo(hex(out)).isEqualTo(avro.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "long, 80 80 80 80 80 80 80 80 80 80 00, more than 10 bytes",
    "int, 80 80 80 80 80 00, more than 5 bytes",
    "string, 01, a negative length -1",
    "string, fe ff ff ff 0f, a length of 2147483647 bytes where 0 are left",
    "string, 04 61, a length of 2 bytes where 1 are left",
    "double, 00 00, end too early",
    "boolean, '', end too early",
    "long, 02 02, 1 bytes are left"
  })
  void damageIsNamed(String type, String bytes, String message) {
    Schema schema = record("{'name':'f','type':'" + type + "'}");
    TableLayout layout = AvroTables.layout(schema, WITH_KEY);

    assertThatThrownBy(
            () ->
                AvroTables.decoder(schema, layout)
                    .decode(ByteBuffer.wrap(hex(bytes)), new ColumnBatch(layout)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining(message);
  }

  private static void assertRefused(ThrowingCallable call, ExitCode exitCode, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
        .hasMessageContaining(message);
  }

  private static Column field(String name, ColumnType type) {
    return new Column(name, type, Column.Role.FIELD);
  }

  private static byte[] hex(String bytes) {
    return java.util.HexFormat.of().parseHex(bytes.replace(" ", ""));
  }

  private static Schema record(String fields) {
    String json = "{'type':'record','name':'Row','namespace':'test','fields':[" + fields + "]}";
    return new Schema.Parser().parse(json.replace('\'', '"'));
  }
}
