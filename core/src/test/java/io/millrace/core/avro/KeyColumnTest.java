package io.millrace.core.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.LongVector;
import io.millrace.core.column.StructVector;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.KeyFormat;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.error.MillraceException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** A column of keys that are Avro. */
class KeyColumnTest {
  private static final KafkaColumns AVRO_KEYS =
      new KafkaColumns(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of("k"),
          KeyFormat.AVRO,
          Optional.of("h"));
  private static final Schema VALUE = schema("{'name':'id','type':'long'}");

  @Test
  void storesWhatTheTypeOfTheKeysBecomes() {
    assertThat(layout(Schema.create(Schema.Type.INT)).columns())
        .containsExactly(
            Column.field("id", ColumnType.LONG),
            new Column("k", ColumnType.LONG, Column.Role.KAFKA_KEY),
            new Column("h", ColumnType.HEADERS, Column.Role.KAFKA_HEADERS));
    assertThat(keyType(layout(VALUE)))
        .isEqualTo(ColumnType.struct(List.of(Column.field("id", ColumnType.LONG))));
    assertThat(keyType(layout(Schema.create(Schema.Type.NULL)))).isEqualTo(ColumnType.BOOLEAN);
    assertThatThrownBy(() -> layout(schema("{'name':'next','type':['null','R']}")))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("The key schema R does not fit a column")
        .hasMessageContaining("contains itself");
  }

  @Test
  void followsSchemasOfKeysAsTheTableFollowsThoseOfValues() throws Exception {
    Schema second = schema("{'name':'more','type':'int'},{'name':'id','type':'int'}");
    TableLayout first = layout(VALUE);

    TableLayout wider = AvroTables.widenKey(first, second, NumberTypes.WIDE).layout();

    assertThat(keyType(wider))
        .isEqualTo(
            ColumnType.struct(
                List.of(
                    Column.field("id", ColumnType.LONG), Column.field("more", ColumnType.LONG))));
    assertThat(AvroTables.widenKey(wider, VALUE, NumberTypes.WIDE).layout()).isEqualTo(wider);
    ColumnBatch batch = new ColumnBatch(wider);
    byte[] key =
        bytes(second, new GenericRecordBuilder(second).set("more", 5).set("id", 6).build());
    AvroTables.keyDecoder(second, wider).decode(ByteBuffer.wrap(key), batch);
    byte[] old = bytes(VALUE, new GenericRecordBuilder(VALUE).set("id", 7L).build());
    AvroTables.keyDecoder(VALUE, wider).decode(ByteBuffer.wrap(old), batch);
    StructVector keys = (StructVector) batch.vector(1);
    assertThat(keys.size()).isEqualTo(2);
    assertThat(((LongVector) keys.member(0)).values()).startsWith(6, 7);
    assertThat(((LongVector) keys.member(1)).values()).startsWith(5);
    assertThat(keys.member(1).isNull(1)).isTrue();
  }

  @Test
  void saysThatItIsTheKeyThatCantBeDecoded() throws Exception {
    TableLayout layout = layout(Schema.create(Schema.Type.LONG));
    ColumnBatch batch = new ColumnBatch(layout);
    Schema text = Schema.create(Schema.Type.STRING);
    RecordDecoder longs = AvroTables.keyDecoder(Schema.create(Schema.Type.LONG), layout);

    assertThat(AvroTables.widenKey(layout, text, NumberTypes.WIDE).layout()).isEqualTo(layout);
    assertThatThrownBy(
            () ->
                AvroTables.keyDecoder(text, layout)
                    .decode(ByteBuffer.wrap(bytes(text, "x")), batch))
        .isInstanceOfSatisfying(
            DecodeException.class,
            e -> assertThat(e.kind()).isEqualTo(DecodeException.Kind.TYPE_CONFLICT))
        .hasMessageContaining(
            "the key, at byte 0: a value of type string for a column of type LONG");
    assertThatThrownBy(() -> longs.decode(ByteBuffer.wrap(new byte[] {2, 4}), batch))
        .isInstanceOfSatisfying(DecodeException.class, e -> assertThat(e.isOfKey()).isTrue())
        .hasMessage("the key, at byte 1: 1 bytes are left after the key");
  }

  private static TableLayout layout(Schema keys) {
    return AvroTables.layout(VALUE, Optional.of(keys), AVRO_KEYS, NumberTypes.WIDE);
  }

  private static ColumnType keyType(TableLayout layout) {
    return layout.columns().get(layout.indexOf(Column.Role.KAFKA_KEY)).type();
  }

  private static byte[] bytes(Schema schema, Object value) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<>(schema).write(value, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static Schema schema(String fields) {
    String json = "{'type':'record','name':'R','fields':[" + fields + "]}";
    return new Schema.Parser().parse(json.replace('\'', '"'));
  }
}
