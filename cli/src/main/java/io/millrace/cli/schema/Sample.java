package io.millrace.cli.schema;

import io.millrace.cli.schema.RecordFit.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What was found in the last records of a topic.
 *
 * @param partitions that records were taken of
 * @param records how many were looked at: fit + misfits + unreadable + nulls
 * @param fit that the new schema reads and writes
 * @param nulls without a value
 * @param misfits that their own schema reads and the new one does not
 * @param unreadable that their own schema does not read either
 * @param misfitsNamed the first ones by partition and offset
 * @param unreadableNamed the first ones by partition and offset
 */
record Sample(
    int partitions,
    long records,
    long fit,
    long nulls,
    long misfits,
    long unreadable,
    List<Named> misfitsNamed,
    List<Named> unreadableNamed) {
  static final int MOST_NAMED = 5;

  /** One record, and why it is named. */
  record Named(int partition, long offset, String reason) {}

  /** Counts record by record. */
  static final class Tally {
    private final int partitions;
    private final List<Named> misfitsNamed = new ArrayList<>();
    private final List<Named> unreadableNamed = new ArrayList<>();
    private long fit;
    private long nulls;
    private long misfits;
    private long unreadable;

    Tally(int partitions) {
      this.partitions = partitions;
    }

    void addNull() {
      nulls++;
    }

    void add(int partition, long offset, Outcome outcome) {
      Named named = new Named(partition, offset, outcome.reason());
      switch (outcome.result()) {
        case FITS -> fit++;
        case MISFIT -> {
          misfits++;
          name(misfitsNamed, named);
        }
        case UNREADABLE -> {
          unreadable++;
          name(unreadableNamed, named);
        }
      }
    }

    private static void name(List<Named> names, Named one) {
      names.add(one);
      names.sort(Comparator.comparingInt(Named::partition).thenComparingLong(Named::offset));
      if (names.size() > MOST_NAMED) {
        names.remove(MOST_NAMED);
      }
    }

    Sample sample() {
      return new Sample(
          partitions,
          fit + nulls + misfits + unreadable,
          fit,
          nulls,
          misfits,
          unreadable,
          List.copyOf(misfitsNamed),
          List.copyOf(unreadableNamed));
    }
  }
}
