package io.millrace.core.wire;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * Confluent's wire format: one magic byte 0, the schema id as a big-endian int, then the Avro
 * binary. In its newer form a header of the Kafka record names the schema, and the Avro binary has
 * nothing before it: the header's value is a magic byte 0 and the id, or a magic byte 1 and the
 * schema's GUID, 16 bytes in big-endian order (Confluent's class {@code SchemaId}).
 */
public final class WireFormat {
  public static final byte MAGIC = 0;

  /** Bytes before the Avro binary. */
  public static final int HEADER_BYTES = 5;

  /** Header of a record that names its value's schema. */
  public static final String VALUE_SCHEMA_HEADER = "__value_schema_id";

  /** Header of a record that names its key's schema. */
  public static final String KEY_SCHEMA_HEADER = "__key_schema_id";

  private static final byte MAGIC_GUID = 1;
  private static final int GUID_BYTES = 1 + 16;

  private WireFormat() {}

  /** Whether {@code value} is long enough for a header and starts with the magic byte. */
  public static boolean hasHeader(ByteBuffer value) {
    return value.remaining() >= HEADER_BYTES && value.get(value.position()) == MAGIC;
  }

  /** The writer schema id; only defined where {@link #hasHeader} is true. Moves no position. */
  public static int schemaId(ByteBuffer value) {
    return value.order() == java.nio.ByteOrder.BIG_ENDIAN
        ? value.getInt(value.position() + 1)
        : Integer.reverseBytes(value.getInt(value.position() + 1));
  }

  /**
   * The schema that a record's header names; empty where it names none. Bytes behind are passed by,
   * as Confluent's reader does.
   *
   * @param header the value of {@link #VALUE_SCHEMA_HEADER} or {@link #KEY_SCHEMA_HEADER}
   */
  public static Optional<SchemaKey> schemaKey(byte[] header) {
    ByteBuffer bytes = ByteBuffer.wrap(header);
    if (hasHeader(bytes)) {
      return Optional.of(SchemaKey.ofId(schemaId(bytes)));
    }
    if (header.length >= GUID_BYTES && header[0] == MAGIC_GUID) {
      return Optional.of(SchemaKey.ofGuid(new UUID(bytes.getLong(1), bytes.getLong(9))));
    }
    return Optional.empty();
  }

  /** Writes the header into the first {@link #HEADER_BYTES} bytes of {@code target} at offset. */
  public static void putHeader(byte[] target, int offset, int schemaId) {
    target[offset] = MAGIC;
    target[offset + 1] = (byte) (schemaId >>> 24);
    target[offset + 2] = (byte) (schemaId >>> 16);
    target[offset + 3] = (byte) (schemaId >>> 8);
    target[offset + 4] = (byte) schemaId;
  }
}
