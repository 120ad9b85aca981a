package io.millrace.ingest.sql;

import org.apache.spark.SparkThrowable;

/** An expression has no value for a record: an overflow, a division by zero, a cast that fails. */
public final class SqlFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private SqlFailure(String message, Throwable cause) {
    // Without a stack: one may be made for every record of a topic.
    super(message, cause, false, false);
  }

  /** Spark's error class, or else that of the exception, and the first line of its message. */
  static SqlFailure of(Throwable e) {
    String line = SqlRefusals.firstLine(e);
    String condition = e instanceof SparkThrowable spark ? spark.getCondition() : null;
    String name = condition == null ? e.getClass().getSimpleName() : condition;
    return new SqlFailure(line.contains(name) ? line : name + ": " + line, e);
  }
}
