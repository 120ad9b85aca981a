package io.millrace.ingest.task;

/**
 * Row numbers as objects that exist already: Kafka's deserializer has to return an object for each
 * record, and boxing one each time would feed the garbage collector.
 */
final class Slots {
  /** Most rows a batch of columns holds. */
  static final int MAX_ROWS = 1 << 14;

  /** In place of a row's number: the stream's SQL has filtered the record out. */
  static final int FILTERED = Integer.MIN_VALUE;

  /** {@link #FILTERED} as an object. */
  static final Integer FILTERED_SLOT = FILTERED;

  private static final Integer[] SLOTS = new Integer[MAX_ROWS];

  static {
    for (int i = 0; i < MAX_ROWS; i++) {
      SLOTS[i] = i;
    }
  }

  private Slots() {}

  /** The row number as an object; {@code row} is below {@link #MAX_ROWS}. */
  static Integer of(int row) {
    return SLOTS[row];
  }
}
