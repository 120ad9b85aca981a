package io.millrace.source;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Keeps a record's key until its value is decoded. Kafka calls neither deserializer for a null, so
 * a key is only taken for the record whose headers object came with it: each record has its own.
 */
public final class KeyHolder implements Deserializer<Void> {
  private Headers owner;
  private ByteBuffer key;

  @Override
  public Void deserialize(String topic, byte[] data) {
    throw new UnsupportedOperationException("Kafka hands over buffers");
  }

  @Override
  public Void deserialize(String topic, Headers headers, ByteBuffer data) {
    owner = headers;
    key = data;
    return null;
  }

  /** The key of the record with these headers, null where it has none. */
  public ByteBuffer take(Headers headers) {
    ByteBuffer taken = owner == headers ? key : null;
    owner = null;
    key = null;
    return taken;
  }
}
