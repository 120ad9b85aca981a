package io.millrace.ingest.sql;

import java.time.DateTimeException;
import java.util.regex.PatternSyntaxException;
import org.apache.spark.SparkThrowable;

/** An expression has no value for a record: an overflow, a division by zero, a cast that fails. */
public final class SqlFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private SqlFailure(String message, Throwable cause) {
    // Without a stack: one may be made for every record of a topic.
    super(message, cause, false, false);
  }

  /** Whether it is what Spark says of a value, and no mistake of ours. */
  static boolean isOfRecord(RuntimeException e) {
    return e instanceof SparkThrowable
        || e instanceof ArithmeticException
        || e instanceof DateTimeException
        || e instanceof NumberFormatException
        || e instanceof PatternSyntaxException;
  }

  /** Spark's error class and the first line of its message. */
  static SqlFailure of(RuntimeException e) {
    String line = SqlRefusals.firstLine(e);
    String condition = e instanceof SparkThrowable spark ? spark.getCondition() : null;
    boolean named = condition == null || line.contains(condition);
    return new SqlFailure(named ? line : condition + ": " + line, e);
  }
}
