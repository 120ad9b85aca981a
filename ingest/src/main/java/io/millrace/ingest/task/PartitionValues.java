package io.millrace.ingest.task;

import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.config.PartitionBy;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;

/**
 * Splits the rows of a batch by the table partition that a timestamp column puts them in. A table
 * partition is known here by a number: days or hours since 1970-01-01T00:00Z, {@link #NULL} for
 * rows without a timestamp.
 */
final class PartitionValues {
  static final long NULL = Long.MIN_VALUE;

  private static final long MICROS_PER_HOUR = 3_600_000_000L;
  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd-HH");

  private final String column;
  private final PartitionBy.Unit unit;
  private final int place;
  private final long microsPerValue;

  /** Rows of one table partition, ascending. */
  static final class Rows {
    final long value;
    int[] rows = new int[64];
    int count;

    Rows(long value) {
      this.value = value;
    }

    void add(int row) {
      if (count == rows.length) {
        rows = java.util.Arrays.copyOf(rows, count * 2);
      }
      rows[count++] = row;
    }
  }

  /**
   * @param place of the timestamp column in the layout
   */
  PartitionValues(String column, PartitionBy.Unit unit, int place) {
    this.column = column;
    this.unit = unit;
    this.place = place;
    this.microsPerValue = unit == PartitionBy.Unit.DATE ? 24 * MICROS_PER_HOUR : MICROS_PER_HOUR;
  }

  /**
   * The given rows by table partition.
   *
   * @param rows ascending, or null for all of the batch
   * @param count how many of them
   */
  Iterable<Rows> split(ColumnBatch batch, int[] rows, int count) {
    LongVector timestamps = (LongVector) batch.vector(place);
    long[] micros = timestamps.values();
    Map<Long, Rows> parts = new HashMap<>();
    Rows last = null;
    for (int i = 0; i < count; i++) {
      int row = rows == null ? i : rows[i];
      long value = valueOf(timestamps, micros, row);
      if (last == null || last.value != value) {
        last = parts.computeIfAbsent(value, Rows::new);
      }
      last.add(row);
    }
    return parts.values();
  }

  private long valueOf(ColumnVector timestamps, long[] micros, int row) {
    return timestamps.isNull(row) ? NULL : Math.floorDiv(micros[row], microsPerValue);
  }

  /** Delta's string form of a table partition's value; a null value for {@link #NULL}. */
  Map<String, String> deltaValues(long value) {
    Map<String, String> values = new HashMap<>();
    values.put(column, value == NULL ? null : text(value));
    return values;
  }

  /** The directory below the table that holds the table partition's files. */
  String directory(long value) {
    return column + "=" + (value == NULL ? "__HIVE_DEFAULT_PARTITION__" : text(value));
  }

  private String text(long value) {
    return unit == PartitionBy.Unit.DATE
        ? LocalDate.ofEpochDay(value).toString()
        : LocalDateTime.ofEpochSecond(value * 3600, 0, ZoneOffset.UTC).format(HOUR);
  }
}
