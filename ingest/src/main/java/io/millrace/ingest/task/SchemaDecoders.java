package io.millrace.ingest.task;

import io.millrace.core.avro.DecodeException;
import io.millrace.core.avro.RecordDecoder;
import io.millrace.core.wire.SchemaKey;
import io.millrace.core.wire.WireFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Finds the decoder of each record's value, or of its key, by the schema that the record names. A
 * header wins over the prefix, as in Confluent's dual deserializer.
 */
final class SchemaDecoders {
  private final String part;
  private final String headerName;
  private final WriterSchemas schemas;
  private final Duration unknownAfter;
  private final Function<Schema, RecordDecoder> factory;
  private final Map<SchemaKey, RecordDecoder> decoders = new HashMap<>();

  /** What the last record named; null where it named nothing. */
  private SchemaKey named;

  /** The decoder of {@link #named}, null where there is none. */
  private RecordDecoder last;

  /** The header that gave {@link #named}; null where it was a prefix. */
  private byte[] lastHeader;

  private SchemaDecoders(
      String part,
      String headerName,
      TaskSpec spec,
      WriterSchemas schemas,
      Function<Schema, RecordDecoder> factory) {
    this.part = part;
    this.headerName = headerName;
    this.schemas = schemas;
    this.unknownAfter = spec.unknownSchemaAfter();
    this.factory = factory;
  }

  /**
   * @param factory a new decoder for a writer schema; may throw to be asked again later
   */
  static SchemaDecoders ofValues(
      TaskSpec spec, WriterSchemas schemas, Function<Schema, RecordDecoder> factory) {
    return new SchemaDecoders("value", WireFormat.VALUE_SCHEMA_HEADER, spec, schemas, factory);
  }

  /** As {@link #ofValues}. */
  static SchemaDecoders ofKeys(
      TaskSpec spec, WriterSchemas schemas, Function<Schema, RecordDecoder> factory) {
    return new SchemaDecoders("key", WireFormat.KEY_SCHEMA_HEADER, spec, schemas, factory);
  }

  /** The schema that the last record named; null where it named none. */
  SchemaKey named() {
    return named;
  }

  /** Forgets all decoders: the layout that they fill is another one now. */
  void clear() {
    decoders.clear();
    last = null;
  }

  /** The decoder of a record's part, whose position then is where its Avro binary begins. */
  RecordDecoder find(Headers headers, ByteBuffer data)
      throws DecodeException, SchemaNotThereException {
    // Most records have no headers; then this looks at nothing.
    Header header = headers.lastHeader(headerName);
    byte[] bytes = header == null ? null : header.value();
    if (bytes != null) {
      return byHeader(bytes);
    }
    if (!WireFormat.hasHeader(data)) {
      named = null;
      last = null;
      throw new DecodeException(describeMissingPrefix(data));
    }
    int id = WireFormat.schemaId(data);
    data.position(data.position() + WireFormat.HEADER_BYTES);
    if (last == null || lastHeader != null || named.id() != id) {
      lastHeader = null;
      find(SchemaKey.ofId(id));
    }
    return last;
  }

  private RecordDecoder byHeader(byte[] bytes) throws DecodeException, SchemaNotThereException {
    if (last == null || lastHeader == null || !Arrays.equals(lastHeader, bytes)) {
      lastHeader = bytes;
      named = null;
      last = null;
      find(
          WireFormat.schemaKey(bytes)
              .orElseThrow(() -> new DecodeException(describeWrongHeader(bytes))));
    }
    return last;
  }

  private void find(SchemaKey key) throws SchemaNotThereException {
    named = key;
    last = decoders.get(key);
    if (last == null) {
      RecordDecoder decoder = factory.apply(schemas.get(key, unknownAfter));
      decoders.put(key, decoder);
      last = decoder;
    }
  }

  private String describeMissingPrefix(ByteBuffer data) {
    return data.remaining() < WireFormat.HEADER_BYTES
        ? "the %s has %d bytes, fewer than the %d of the schema registry's header"
            .formatted(part, data.remaining(), WireFormat.HEADER_BYTES)
        : "the %s starts with byte %d, not with the schema registry's magic byte 0"
            .formatted(part, data.get(data.position()));
  }

  private String describeWrongHeader(byte[] bytes) {
    return "the header %s names no schema: it needs byte 0 and an id of 4 bytes, or byte 1 and a GUID of 16, and has %d bytes%s"
        .formatted(
            headerName, bytes.length, bytes.length == 0 ? "" : ", the first of them " + bytes[0]);
  }
}
