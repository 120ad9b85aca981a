package io.millrace.source;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.avro.DecodeException;
import io.millrace.core.avro.RecordDecoder;
import io.millrace.core.wire.SchemaKey;
import io.millrace.core.wire.WireFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Finds the decoder of each record by the schema that it names. A header wins over the prefix, as
 * in Confluent's dual deserializer.
 */
final class ValueDecoders {
  private final ReadSpec spec;
  private final WriterSchemas schemas;
  private final Map<SchemaKey, RecordDecoder> decoders = new HashMap<>();

  /** The schema of the last record and its decoder; both null where there is none. */
  private SchemaKey named;

  private RecordDecoder last;

  /** The header that gave {@link #named}; null where it was a prefix. */
  private byte[] lastHeader;

  ValueDecoders(ReadSpec spec) {
    this.spec = spec;
    this.schemas = WriterSchemas.of(spec.registry());
  }

  /** The decoder of a value, whose position then is where its Avro binary begins. */
  RecordDecoder find(Headers headers, ByteBuffer value) throws DecodeException {
    // Most records have no headers; then this looks at nothing.
    Header header = headers.lastHeader(WireFormat.VALUE_SCHEMA_HEADER);
    byte[] bytes = header == null ? null : header.value();
    if (bytes != null) {
      return byHeader(bytes);
    }
    if (!WireFormat.hasHeader(value)) {
      throw new DecodeException(describeMissingPrefix(value));
    }
    int id = WireFormat.schemaId(value);
    value.position(value.position() + WireFormat.HEADER_BYTES);
    if (last == null || lastHeader != null || named.id() != id) {
      find(SchemaKey.ofId(id), null);
    }
    return last;
  }

  private RecordDecoder byHeader(byte[] bytes) throws DecodeException {
    if (last == null || lastHeader == null || !Arrays.equals(lastHeader, bytes)) {
      SchemaKey key =
          WireFormat.schemaKey(bytes)
              .orElseThrow(() -> new DecodeException(describeWrongHeader(bytes)));
      find(key, bytes);
    }
    return last;
  }

  private void find(SchemaKey key, byte[] header) {
    last = null;
    RecordDecoder decoder = decoders.get(key);
    if (decoder == null) {
      decoder =
          AvroTables.projection(
              schemas.get(key, spec.unknownSchemaAfter()), spec.all(), spec.layout());
      decoders.put(key, decoder);
    }
    named = key;
    lastHeader = header;
    last = decoder;
  }

  private static String describeMissingPrefix(ByteBuffer value) {
    return value.remaining() < WireFormat.HEADER_BYTES
        ? "the value has %d bytes, fewer than the %d of the schema registry's header"
            .formatted(value.remaining(), WireFormat.HEADER_BYTES)
        : "the value starts with byte %d, not with the schema registry's magic byte 0"
            .formatted(value.get(value.position()));
  }

  private static String describeWrongHeader(byte[] bytes) {
    return "the header %s names no schema: it needs byte 0 and an id of 4 bytes, or byte 1 and a GUID of 16, and has %d bytes"
        .formatted(WireFormat.VALUE_SCHEMA_HEADER, bytes.length);
  }
}
