package io.millrace.ingest.plan;

/**
 * How large a batch may get and over how many tasks it goes.
 *
 * @param records most offsets a batch plans for, at least 1
 * @param bytes most bytes of Kafka values a batch takes, at least 1
 * @param tasks most tasks, at least 1: those that can run at once
 */
public record Limits(long records, long bytes, int tasks) {
  public Limits {
    if (records < 1 || bytes < 1 || tasks < 1) {
      throw new IllegalArgumentException("limits must be at least 1: " + records + ", " + bytes);
    }
  }

  /** The same with half the records and bytes, at least 1 of each. */
  public Limits halved() {
    return new Limits(Math.max(1, records / 2), Math.max(1, bytes / 2), tasks);
  }

  /** The same over so many tasks. */
  public Limits overTasks(int most) {
    return new Limits(records, bytes, most);
  }

  /** The same with at most this many records. */
  public Limits withRecordsAtMost(long most) {
    return new Limits(Math.min(records, most), bytes, tasks);
  }
}
