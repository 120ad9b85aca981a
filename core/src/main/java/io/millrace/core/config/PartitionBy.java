package io.millrace.core.config;

import java.util.Objects;

/**
 * A table partition column derived from a timestamp column in UTC.
 *
 * @param source the table column it is derived from (a timestamp)
 * @param unit date or hour
 * @param column the name of the derived column; by default {@code <source>_date} or {@code
 *     <source>_hour}
 */
public record PartitionBy(String source, Unit unit, String column) {
  /** How wide one table partition is. */
  public enum Unit {
    /** A DATE column. */
    DATE,
    /** A STRING column {@code yyyy-MM-dd-HH}. */
    HOUR
  }

  public PartitionBy {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(column, "column");
  }
}
