package io.millrace.lake.parquet;

import java.util.HashMap;
import java.util.Map;

/**
 * What was learnt about the columns of a table while writing its files: for which a dictionary does
 * not pay (random ids), so that the next row group or file need not try again. Every {@value
 * #RETRY_AFTER}th chunk tries again, because data changes. Kept by a task for all the files it
 * writes, one after another; one thread.
 */
public final class EncodingHints {
  private static final int RETRY_AFTER = 32;

  private final Map<String, Integer> chunksWithout = new HashMap<>();

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
}
