package io.millrace.lake.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.column.ColumnType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class TopicValuesTest {
  private static final Schema OLD =
      SchemaBuilder.record("E").fields().requiredInt("id").endRecord();
  private static final Schema NEW =
      SchemaBuilder.record("E").fields().requiredLong("id").optionalString("name").endRecord();
  private static final Schema NEWER =
      SchemaBuilder.record("E")
          .fields()
          .optionalString("more")
          .optionalString("name")
          .requiredLong("id")
          .endRecord();

  private final List<ValueColumn> columns =
      List.of(
          ValueColumn.field("id", ColumnType.LONG), ValueColumn.field("name", ColumnType.STRING));
  private final KnownSchemas registry = new KnownSchemas(Map.of(1, OLD, 2, NEW, 3, NEWER));
  private final WriterSchemas schemas = new WriterSchemas(registry);
  private final TopicValues values = new TopicValues(columns, schemas);

  @Test
  void theSameValuesOfAnyWriterAreTheSame() throws IOException {
    ValueSums old = sums(0, payload(1, OLD, Map.of("id", 5)));
    ValueSums now = sums(0, payload(2, NEW, Map.of("id", 5L)));
    ValueSums named = sums(0, payload(2, NEW, Map.of("id", 5L, "name", "x")));
    ValueSums newer = sums(0, payload(3, NEWER, Map.of("id", 5L, "name", "x")));

    assertThat(old.block(0)).isEqualTo(now.block(0)).isNotEqualTo(named.block(0));
    assertThat(newer.block(0)).isEqualTo(named.block(0));
  }

  @Test
  void theSameValuesElsewhereAreNotTheSame() throws IOException {
    ByteBuffer payload = payload(2, NEW, Map.of("id", 5L));

    assertThat(sums(0, payload).block(0)).isNotEqualTo(sums(1, payload).block(0));
  }

  @Test
  void aValueWithoutColumnCantBeARow() throws IOException {
    assertThat(sums(0, payload(3, NEWER, Map.of("id", 5L))).unstorable.size()).isZero();

    ValueSums sums = sums(0, payload(3, NEWER, Map.of("id", 5L, "more", "x")));

    assertThat(sums.unstorable.contains(0)).isTrue();
    assertThat(sums.unstorableFields()).containsExactly("more");
    assertThat(sums.rows()).isZero();
  }

  @Test
  void whatCantBeDecodedIsKept() throws IOException {
    ByteBuffer whole = payload(2, NEW, Map.of("id", 5L, "name", "long enough"));
    ByteBuffer cut = whole.duplicate().limit(whole.limit() - 3);
    ByteBuffer unknownSchema = payload(9, NEW, Map.of("id", 5L));
    ByteBuffer longer = ByteBuffer.allocate(whole.limit() + 1).put(whole.duplicate()).rewind();

    for (ByteBuffer bad : List.of(cut, unknownSchema, longer, ByteBuffer.wrap(new byte[3]))) {
      ValueSums sums = sums(7, bad);
      assertThat(sums.undecodable.contains(7)).isTrue();
      assertThat(sums.rows()).isZero();
    }
    assertThat(sums(8, whole).rows()).isEqualTo(1);
  }

  @Test
  void aRegistryThatIsDownIsAskedOnce() throws IOException {
    registry.down = true;

    sums(0, payload(1, OLD, Map.of("id", 5)));
    sums(0, payload(2, NEW, Map.of("id", 5L)));

    assertThat(schemas.unreachable()).hasMessageContaining("down");
    assertThat(registry.asked).isEqualTo(1);
  }

  private ValueSums sums(long offset, ByteBuffer payload) {
    ValueSums sums = new ValueSums();
    values.add(new ConsumerRecord<>("t", 0, offset, null, payload), sums);
    return sums;
  }

  private static ByteBuffer payload(int id, Schema schema, Map<String, Object> fields)
      throws IOException {
    GenericRecord record = new GenericData.Record(schema);
    fields.forEach(record::put);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return KnownSchemas.payload(id, bytes.toByteArray());
  }
}
