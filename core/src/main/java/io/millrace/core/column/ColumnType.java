package io.millrace.core.column;

/** What one column of a table stores; each maps to one Delta type and one Parquet type. */
public enum ColumnType {
  /** Delta boolean. */
  BOOLEAN,
  /** Delta integer. */
  INT,
  /** Delta long; Avro int and long. */
  LONG,
  /** Delta double; Avro float and double. */
  DOUBLE,
  /** Delta string, UTF-8. */
  STRING,
  /** Delta binary. */
  BINARY,
  /** Delta date, days since 1970-01-01. */
  DATE,
  /** Delta timestamp, microseconds since 1970-01-01T00:00:00Z. */
  TIMESTAMP
}
