package io.millrace.ingest.task;

import io.millrace.core.registry.SchemaRegistry;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.source.KeyHolder;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;

/**
 * Gives single records to the deserializer of ingest's tasks and forgets what becomes of them: for
 * measuring what one costs. One thread.
 */
public final class RecordTrial {
  private final String topic;
  private final KeyHolder keys = new KeyHolder();
  private final RowDecoder decoder;

  /**
   * @param spec with the table's columns; no Kafka is asked
   */
  public RecordTrial(TaskSpec spec, SchemaRegistry registry) {
    this.topic = spec.topic();
    SchemaFiles files = new SchemaFiles(LakeConfiguration.of(spec.hadoop()), spec.table());
    WriterSchemas schemas = new WriterSchemas(registry, files, System::nanoTime);
    decoder =
        new RowDecoder(
            spec.withoutWaiting(), schemas, keys, MemoryBudget.ofThisProcess(1).columnBytes());
  }

  /**
   * Whether the record becomes a row.
   *
   * @param key may be null
   */
  public boolean decode(Headers headers, ByteBuffer key, ByteBuffer value) {
    while (true) {
      decoder.clear(Long.MAX_VALUE);
      if (key != null) {
        keys.deserialize(topic, headers, key);
      }
      try {
        return decoder.deserialize(topic, headers, value) >= 0;
      } catch (SerializationException e) {
        if (e != RowDecoder.FULL) {
          throw e;
        }
        // Its schema asks for more columns, which it has after the next clear.
      }
    }
  }
}
