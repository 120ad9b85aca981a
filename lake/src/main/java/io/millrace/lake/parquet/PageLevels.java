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

  /** Whether all definition levels are {@link #level}; then they are not in the array. */
  private boolean uniform = true;

  private int level;

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
    boolean same = levels.isUniform() && (slots == 0 || uniform && level == levels.full());
    if (same) {
      level = levels.full();
    } else if (uniform) {
      definitions = withRoom(definitions, length);
      Arrays.fill(definitions, 0, slots, (short) level);
    }
    uniform = same;
    if (!uniform) {
      definitions = withRoom(definitions, length);
      if (levels.isUniform()) {
        Arrays.fill(definitions, slots, slots + length, (short) levels.full());
      } else {
        System.arraycopy(levels.definitions(), from, definitions, slots, length);
      }
    }
    if (maxRepetition > 0) {
      repetitions = withRoom(repetitions, length);
      System.arraycopy(levels.repetitions(), from, repetitions, slots, length);
    }
    slots += length;
    nulls += length - values;
  }

  private short[] withRoom(short[] levels, int length) {
    return slots + length <= levels.length
        ? levels
        : Arrays.copyOf(levels, ColumnChunk.grown(levels.length, slots + length));
  }

  /** Both kinds as data page version 1 has them, each behind its length; and empties the page. */
  void write(PageBuffers buffers, ByteSink sink) {
    if (maxRepetition > 0) {
      write(repetitions, maxRepetition, buffers, sink);
    }
    if (uniform) {
      writeUniform(sink);
    } else {
      write(definitions, maxDefinition, buffers, sink);
    }
    slots = 0;
    nulls = 0;
    uniform = true;
  }

  private void writeUniform(ByteSink sink) {
    int lengthAt = sink.size;
    sink.putInt(0);
    sink.putVarint((long) slots << 1);
    sink.putLowBytes(level, (RleEncoding.width(maxDefinition) + 7) / 8);
    sink.setInt(lengthAt, sink.size - lengthAt - Integer.BYTES);
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
