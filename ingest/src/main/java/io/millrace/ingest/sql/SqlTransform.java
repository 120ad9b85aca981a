package io.millrace.ingest.sql;

import io.millrace.core.column.TableLayout;
import io.millrace.core.config.FieldRule;
import io.millrace.core.config.NumberTypes;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A stream's SQL and the records that it reads, in a form that travels to executors.
 *
 * @param text as configured
 * @param input columns for the fields of the records
 */
public record SqlTransform(String text, TableLayout input) implements Serializable {
  /**
   * Compiles it.
   *
   * @param rules whose fields are decoded, too
   * @throws io.millrace.core.error.MillraceException {@code USAGE} where it can't be used
   */
  public RecordSql compile(NumberTypes numbers, List<FieldRule> rules) {
    Set<String> ruled =
        rules.stream().map(rule -> rule.field().split("\\.", 2)[0]).collect(Collectors.toSet());
    return RecordSql.compile(text, input.columns(), numbers, ruled);
  }

  /** The same for records with these columns. */
  public SqlTransform with(TableLayout other) {
    return new SqlTransform(text, other);
  }
}
