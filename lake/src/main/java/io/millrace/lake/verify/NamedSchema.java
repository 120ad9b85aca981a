package io.millrace.lake.verify;

import io.millrace.core.wire.SchemaKey;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The schema that a record's value or key names, by Confluent's rules: the last header of that name
 * wins, and has the id behind a byte 0 or the GUID behind a byte 1; else the bytes begin with a
 * byte 0 and the id.
 *
 * @param prefix bytes before the Avro binary
 */
record NamedSchema(SchemaKey key, int prefix) {
  private static final String VALUE_HEADER = "__value_schema_id";
  private static final String KEY_HEADER = "__key_schema_id";
  private static final int ID_BYTES = 1 + Integer.BYTES;
  private static final int GUID_BYTES = 1 + 2 * Long.BYTES;

  /** What the record's value names; null where it names no schema. */
  static NamedSchema ofValue(Headers headers, ByteBuffer value) {
    return of(headers.lastHeader(VALUE_HEADER), value);
  }

  /** What the record's key names; null where it names no schema. */
  static NamedSchema ofKey(Headers headers, ByteBuffer key) {
    return of(headers.lastHeader(KEY_HEADER), key);
  }

  private static NamedSchema of(Header header, ByteBuffer data) {
    if (header == null || header.value() == null) {
      SchemaKey id = id(data);
      return id == null ? null : new NamedSchema(id, ID_BYTES);
    }
    ByteBuffer named = ByteBuffer.wrap(header.value());
    SchemaKey id = id(named);
    if (id == null && named.remaining() >= GUID_BYTES && named.get() == 1) {
      id = SchemaKey.ofGuid(new UUID(named.getLong(), named.getLong()));
    }
    return id == null ? null : new NamedSchema(id, 0);
  }

  private static SchemaKey id(ByteBuffer bytes) {
    int at = bytes.position();
    return bytes.remaining() >= ID_BYTES && bytes.get(at) == 0
        ? SchemaKey.ofId(bytes.getInt(at + 1))
        : null;
  }
}
