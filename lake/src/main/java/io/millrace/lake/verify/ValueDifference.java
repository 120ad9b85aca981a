package io.millrace.lake.verify;

/**
 * One value that is not the topic's.
 *
 * @param offset the row's Kafka offset
 * @param column the table's column
 * @param topic the value that the topic's record has, shortened
 * @param table the value in the table, shortened
 */
public record ValueDifference(long offset, String column, String topic, String table) {
  /** One line. */
  @Override
  public String toString() {
    return "offset %d, column %s: %s in the topic, %s in the table"
        .formatted(offset, column, topic, table);
  }
}
