package io.millrace.ingest.task;

import io.millrace.core.config.RegistryConfig;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.source.ConsumerProperties;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The idle readers of this process, one pool for all tasks. A reader belongs to the {@link
 * TaskSpec} it was made for: another topic id, layout or configuration gets readers of its own.
 */
public final class ReaderPool {
  private static final ReaderPool SHARED = new ReaderPool();

  private record SchemasKey(RegistryConfig registry, Map<String, String> hadoop, String table) {}

  private record Key(TaskSpec spec, int maxPollRecords) {}

  private final Map<Key, Deque<Reader>> idle = new HashMap<>();
  private final Map<SchemasKey, WriterSchemas> schemas = new HashMap<>();

  private ReaderPool() {}

  /** The pool of this process. */
  public static ReaderPool shared() {
    return SHARED;
  }

  Reader take(TaskSpec spec, double bytesPerRecord, MemoryBudget budget) {
    Key key = key(spec, bytesPerRecord);
    WriterSchemas known;
    synchronized (this) {
      Deque<Reader> readers = idle.get(key);
      if (readers != null && !readers.isEmpty()) {
        return readers.pop();
      }
      known =
          schemas.computeIfAbsent(
              new SchemasKey(spec.registry(), spec.hadoop(), spec.table()), ReaderPool::schemas);
    }
    return new Reader(
        ConsumerProperties.of(PollSizes.of(bytesPerRecord), spec.kafka()),
        spec,
        known,
        budget.columnBytes());
  }

  private static WriterSchemas schemas(SchemasKey key) {
    return new WriterSchemas(
        new RestSchemaRegistry(key.registry()),
        new SchemaFiles(LakeConfiguration.of(key.hadoop()), key.table()),
        System::nanoTime);
  }

  /**
   * Gives back a reader that ended its task well.
   *
   * @param spec with the layout that the reader has now
   */
  void give(TaskSpec spec, double bytesPerRecord, Reader reader) {
    reader.reset();
    List<Reader> others = new ArrayList<>();
    synchronized (this) {
      Key key = key(spec, bytesPerRecord);
      idle.computeIfAbsent(key, k -> new ArrayDeque<>()).push(reader);
      // Records have changed their size, or the stream its layout: those readers are not used
      // again.
      idle.forEach(
          (k, readers) -> {
            if (k.spec().stream().equals(spec.stream()) && !k.equals(key)) {
              others.addAll(readers);
            }
          });
      idle.keySet().removeIf(k -> k.spec().stream().equals(spec.stream()) && !k.equals(key));
    }
    others.forEach(Reader::close);
  }

  /** Closes what the stream has here; tasks that run meanwhile are not touched. */
  public void closeIdle(String stream) {
    List<Reader> closing = new ArrayList<>();
    synchronized (this) {
      idle.forEach(
          (key, readers) -> {
            if (key.spec().stream().equals(stream)) {
              closing.addAll(readers);
            }
          });
      idle.keySet().removeIf(key -> key.spec().stream().equals(stream));
    }
    closing.forEach(Reader::close);
  }

  private static Key key(TaskSpec spec, double bytesPerRecord) {
    return new Key(spec, PollSizes.maxPollRecords(bytesPerRecord));
  }
}
