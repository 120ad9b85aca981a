package io.millrace.lake.parquet;

import java.util.Arrays;

/** Repetition and definition levels of the page in the making, of a leaf of a nested column. */
final class PageLevels {
  private static final short[] EMPTY = {};

  private final int maxRepetition;
  private final int maxDefinition;
  private short[] repetitions = EMPTY;
  private short[] definitions = EMPTY;
  private int slots;
  private int nulls;

  PageLevels(int maxRepetition, int maxDefinition) {
    this.maxRepetition = maxRepetition;
    this.maxDefinition = maxDefinition;
  }

  /** Slots without a value: nulls, empty lists, and what is missing above. */
  int nulls() {
    return nulls;
  }

  void add(Levels levels, int from, int to, int values) {
    int length = to - from;
    if (slots + length > definitions.length) {
      int capacity = ColumnChunk.grown(definitions.length, slots + length);
      definitions = Arrays.copyOf(definitions, capacity);
      if (maxRepetition > 0) {
        repetitions = Arrays.copyOf(repetitions, capacity);
      }
    }
    System.arraycopy(levels.definitions(), from, definitions, slots, length);
    if (maxRepetition > 0) {
      System.arraycopy(levels.repetitions(), from, repetitions, slots, length);
    }
    slots += length;
    nulls += length - values;
  }

  /** Both kinds as data page version 1 has them, each behind its length; and empties the page. */
  void write(PageBuffers buffers, ByteSink sink) {
    if (maxRepetition > 0) {
      write(repetitions, maxRepetition, buffers, sink);
    }
    write(definitions, maxDefinition, buffers, sink);
    slots = 0;
    nulls = 0;
  }

  private void write(short[] levels, int max, PageBuffers buffers, ByteSink sink) {
    int lengthAt = sink.size;
    sink.putInt(0);
    RleEncoding.encode(buffers.widened(levels, slots), slots, RleEncoding.width(max), sink);
    sink.setInt(lengthAt, sink.size - lengthAt - Integer.BYTES);
  }

  void release() {
    repetitions = EMPTY;
    definitions = EMPTY;
  }

  long memory() {
    return (long) Short.BYTES * (repetitions.length + definitions.length);
  }
}
