package io.millrace.lake.parquet;

import io.millrace.core.config.Compression;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * What the files of a table share while they are written: what was learnt about the columns, that
 * is for which a dictionary does not pay (random ids), so that the next row group or file need not
 * try again; every {@value #RETRY_AFTER}th chunk tries again, because data changes. And the
 * buffers, so that a thousand open files do not each hold their own. Kept by a task for all the
 * files it writes; one thread. Holds native memory until it is closed.
 */
public final class EncodingHints implements AutoCloseable {
  private static final int RETRY_AFTER = 32;

  private final Map<String, Integer> chunksWithout = new HashMap<>();
  private final Map<Compression, PageBuffers> buffers = new EnumMap<>(Compression.class);

  PageBuffers buffers(Compression compression) {
    return buffers.computeIfAbsent(compression, PageBuffers::new);
  }

  /** Whether the column's next chunk should try a dictionary. */
  boolean tryDictionary(String column) {
    Integer left = chunksWithout.get(column);
    if (left == null) {
      return true;
    }
    if (left == 1) {
      chunksWithout.remove(column);
    } else {
      chunksWithout.put(column, left - 1);
    }
    return false;
  }

  /** A dictionary did not pay for the column. */
  void dictionaryFailed(String column) {
    chunksWithout.put(column, RETRY_AFTER);
  }

  /** Gives the buffers back; files that are still open must not be written any more. */
  @Override
  public void close() {
    buffers.values().forEach(PageBuffers::close);
    buffers.clear();
  }
}
