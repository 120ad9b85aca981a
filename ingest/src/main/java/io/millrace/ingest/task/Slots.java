package io.millrace.ingest.task;

/**
 * Row numbers as objects that exist already: Kafka's deserializer has to return an object for each
 * record, and boxing one each time would feed the garbage collector.
 */
final class Slots {
  /** Most rows a batch of columns holds. */
  static final int MAX_ROWS = 1 << 14;

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
