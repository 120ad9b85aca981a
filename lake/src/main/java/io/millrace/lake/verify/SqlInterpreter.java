package io.millrace.lake.verify;

import io.millrace.core.column.Column;
import io.millrace.core.config.NumberTypes;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Evaluates a stream's SQL for verify, by other means than ingest's. Found by {@link
 * ServiceLoader}, because this module knows no class of Spark. Thread-safe.
 *
 * <p>Values are what {@link ValueText} takes: null, Boolean, Number (days for dates, microseconds
 * for timestamps), BigDecimal, String, byte[]; a struct is a List of its members, a list a List, a
 * map a List of Map.Entry.
 */
public interface SqlInterpreter {
  /**
   * @param columns for the records' fields
   * @throws io.millrace.core.error.MillraceException {@code USAGE} where the SQL can't be used for
   *     them
   */
  Program compile(String sql, List<Column> columns, NumberTypes numbers);

  /** A SQL for records of the same columns. One thread. */
  interface Program {
    /** Places of the columns that it reads, ascending. */
    List<Integer> reads();

    /** Whether a {@code *} makes it read every column. */
    boolean readsAll();

    /**
     * Whether what it makes of a record may depend on columns that the record's own schema lacks,
     * as the text of a whole struct does.
     */
    boolean dependsOnAbsent();

    /** The columns of the rows. */
    List<Column> output();

    /**
     * A record's row, a value for each column of {@link #output}; null where it is filtered out.
     *
     * @param record a value for each column; only those that it reads are looked at
     * @throws NoValueException where an expression has no value
     */
    Object[] apply(Object[] record) throws NoValueException;
  }

  /** An expression has no value for a record: the record can't be a row. */
  final class NoValueException extends Exception {
    private static final long serialVersionUID = 1L;

    public NoValueException(String reason) {
      super(reason, null, false, false);
    }
  }

  /** The one on the class path. */
  static Optional<SqlInterpreter> find() {
    return ServiceLoader.load(SqlInterpreter.class, SqlInterpreter.class.getClassLoader())
        .findFirst();
  }
}
