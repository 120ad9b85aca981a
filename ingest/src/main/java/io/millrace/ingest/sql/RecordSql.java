package io.millrace.ingest.sql;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.NumberTypes;
import io.millrace.source.SparkVectors;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BasePredicate;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Predicate;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.internal.SQLConf;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A stream's SQL, compiled for the columns of its records: makes at most one row of each. A record
 * is decoded into {@link #record}, {@link #apply} appends its row. Not thread-safe.
 */
public final class RecordSql {
  /** Returns the next row, or null where the record is filtered out. */
  private interface Step {
    InternalRow apply(InternalRow row);
  }

  private final ColumnBatch record;
  private final SparkVectors vectors;
  private final Step[] steps;
  private final List<Column> output;
  private final ValueAppender[] appenders;

  private RecordSql(SqlPlan plan, List<Column> columns, NumberTypes numbers) {
    List<Integer> used = plan.used();
    record = new ColumnBatch(new TableLayout(used.stream().map(columns::get).toList()));
    vectors = new SparkVectors(record);
    List<Step> compiled = new ArrayList<>();
    List<Attribute> input = used.stream().map(plan.input()::get).toList();
    for (LogicalPlan node : plan.steps()) {
      compiled.add(compile(node, input));
      input = node instanceof Project project ? attributes(project) : input;
    }
    steps = compiled.toArray(Step[]::new);
    ColumnTypes types = new ColumnTypes(numbers);
    output =
        plan.output().stream()
            .map(a -> Column.field(a.name(), types.of(a.name(), a.dataType())))
            .toList();
    appenders = new ValueAppender[output.size()];
    for (int i = 0; i < appenders.length; i++) {
      appenders[i] = ValueAppender.of(plan.output().get(i).dataType(), output.get(i).type());
    }
  }

  /**
   * @param columns of the records' fields
   * @throws io.millrace.core.error.MillraceException {@code USAGE} where the SQL can't be used
   */
  public static RecordSql compile(String sql, List<Column> columns, NumberTypes numbers) {
    SQLConf conf = SqlPlan.conf();
    return SQLConf.withExistingConf(
        conf, () -> new RecordSql(SqlPlan.of(sql, columns, conf), columns, numbers));
  }

  private static List<Attribute> attributes(Project project) {
    return CollectionConverters.asJava(project.output());
  }

  private static Step compile(LogicalPlan node, List<Attribute> input) {
    if (node instanceof Filter filter) {
      BasePredicate predicate = Predicate.create(filter.condition(), SqlPlan.seq(input));
      return row -> predicate.eval(row) ? row : null;
    }
    List<Expression> expressions = new ArrayList<>();
    CollectionConverters.asJava(((Project) node).projectList())
        .forEach(named -> expressions.add((Expression) named));
    UnsafeProjection projection =
        UnsafeProjection.create(SqlPlan.<Expression>seq(expressions), SqlPlan.seq(input));
    return projection::apply;
  }

  /**
   * Where one record's fields are decoded to, only those that the SQL reads; {@link
   * ColumnBatch#clear} before each and {@link ColumnBatch#endRow} after it.
   */
  public ColumnBatch record() {
    return record;
  }

  /** The columns of the rows, in their order. */
  public List<Column> output() {
    return output;
  }

  /**
   * Appends the record's row to the first columns of this batch, and does not end it.
   *
   * @return false where the condition does not hold, and nothing was appended
   * @throws SqlFailure where an expression has no value; the row may be begun then
   */
  public boolean apply(ColumnBatch to) throws SqlFailure {
    try {
      InternalRow row = vectors.show(1).getRow(0);
      for (Step step : steps) {
        row = step.apply(row);
        if (row == null) {
          return false;
        }
      }
      for (int i = 0; i < appenders.length; i++) {
        appenders[i].appendNullable(row, i, to.vector(i));
      }
      return true;
    } catch (RuntimeException e) {
      throw SqlFailure.of(e);
    }
  }
}
