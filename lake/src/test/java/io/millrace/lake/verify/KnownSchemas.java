package io.millrace.lake.verify;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.wire.WireFormat;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;

/** A registry in memory. */
final class KnownSchemas implements SchemaRegistry {
  private final Map<Integer, Schema> schemas;
  boolean down;
  int asked;

  KnownSchemas(Map<Integer, Schema> schemas) {
    this.schemas = schemas;
  }

  /** A Kafka value of Avro bytes. */
  static ByteBuffer payload(int id, byte[] avro) {
    byte[] value = new byte[WireFormat.HEADER_BYTES + avro.length];
    WireFormat.putHeader(value, 0, id);
    System.arraycopy(avro, 0, value, WireFormat.HEADER_BYTES, avro.length);
    return ByteBuffer.wrap(value);
  }

  @Override
  public Schema byId(int id) {
    asked++;
    if (down) {
      throw new MillraceException(ExitCode.UNREACHABLE, "No answer", "it is down", "Start it");
    }
    if (!schemas.containsKey(id)) {
      throw new MillraceException(ExitCode.USAGE, "No schema", "id " + id, "Register it");
    }
    return schemas.get(id);
  }

  @Override
  public Schema byGuid(UUID guid) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Registered latest(String subject) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int register(String subject, Schema schema) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
