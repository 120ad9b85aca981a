package io.millrace.lake.verify;

import io.millrace.core.column.Column;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the key column should hold where keys are Avro. One thread. */
final class TopicKeys {
  /** Keys are of any type; in a record of one field they are the same bytes. */
  private static final String FIELD = "key";

  private final List<Column> target;
  private final WriterSchemas schemas;
  private final BoundedDecoder decoder = new BoundedDecoder();
  private final Map<Schema, Writer> writers = new HashMap<>();
  private Writer writer;
  private GenericRecord read;

  private record Writer(RecordReader reader, RecordFields fields) {}

  TopicKeys(ValueColumn column, WriterSchemas schemas) {
    this.target = List.of(Column.field(FIELD, column.type()));
    this.schemas = schemas;
  }

  /** Decodes the record's key for the calls that follow; false where it can't be decoded. */
  boolean read(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    read = null;
    if (record.key() == null) {
      return true;
    }
    NamedSchema named = NamedSchema.ofKey(record.headers(), record.key());
    Schema schema = named == null ? null : schemas.byKey(named.key());
    if (schema == null) {
      return false;
    }
    writer = writers.computeIfAbsent(schema, this::writer);
    byte[] bytes = FlatValues.bytes(record.key());
    decoder.reset(bytes, named.prefix(), bytes.length - named.prefix());
    read = writer.reader.read();
    return read != null;
  }

  private Writer writer(Schema key) {
    Schema record =
        Schema.createRecord(
            "OfVerify", null, "io.millrace", false, List.of(new Schema.Field(FIELD, key)));
    return new Writer(new RecordReader(record, decoder), ValueReaders.of(record, target));
  }

  long hash() {
    return read == null ? ValueHash.NULL : writer.fields.hash(read, 0);
  }

  Object value() {
    return read == null ? null : writer.fields.value(read, 0);
  }
}
