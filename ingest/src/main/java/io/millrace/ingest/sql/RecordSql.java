package io.millrace.ingest.sql;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.NumberTypes;
import io.millrace.source.SparkVectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BasePredicate;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Predicate;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
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

  private static final ValueAppender NULL = new NullAppender();

  private final ColumnBatch record;
  private final SparkVectors vectors;
  private final SqlPlan plan;

  /** What {@link #plan} reads of its input. */
  private final List<Attribute> input;

  /** Whether expressions keep something between two records, such as the map that they build. */
  private final boolean stateful;

  private final List<Column> output;
  private final List<DataType> types;
  private final boolean readsAll;

  private Step[] steps;

  /** The columns that {@link #appenders} are for. */
  private TableLayout rows;

  /** By place in {@link #rows}: null for what others append. */
  private ValueAppender[] appenders;

  /** By place in {@link #rows}: that of the value in a step's row. */
  private int[] places;

  private RecordSql(SqlPlan plan, List<Column> columns, NumberTypes numbers, Set<String> also) {
    List<Integer> used =
        IntStream.range(0, columns.size())
            .filter(i -> plan.used().contains(i) || also.contains(columns.get(i).name()))
            .boxed()
            .toList();
    readsAll = plan.hasStar() && used.size() == columns.size();
    record = new ColumnBatch(new TableLayout(used.stream().map(columns::get).toList()));
    vectors = new SparkVectors(record);
    this.plan = plan;
    input = used.stream().map(plan.input()::get).toList();
    stateful =
        plan.steps().stream()
            .flatMap(node -> CollectionConverters.asJava(node.expressions()).stream())
            .anyMatch(RecordSql::isStateful);
    steps = steps();
    types = plan.output().stream().map(Attribute::dataType).toList();
    ColumnTypes columnTypes = new ColumnTypes(numbers);
    output =
        plan.output().stream()
            .map(a -> Column.field(a.name(), columnTypes.of(a.name(), a.dataType())))
            .toList();
  }

  /**
   * @param columns of the records' fields
   * @throws io.millrace.core.error.MillraceException {@code USAGE} where the SQL can't be used
   */
  public static RecordSql compile(String sql, List<Column> columns, NumberTypes numbers) {
    return compile(sql, columns, numbers, Set.of());
  }

  /**
   * As the shorter form.
   *
   * @param also names of columns that are decoded whether the SQL reads them or not
   */
  public static RecordSql compile(
      String sql, List<Column> columns, NumberTypes numbers, Set<String> also) {
    SQLConf conf = SqlPlan.conf();
    try {
      return SQLConf.withExistingConf(
          conf, () -> new RecordSql(SqlPlan.of(sql, columns, conf), columns, numbers, also));
    } catch (StackOverflowError e) {
      throw SqlRefusals.of("its expressions are nested too deep", "Make them shorter.", e);
    }
  }

  private static boolean isStateful(Expression expression) {
    return expression.stateful()
        || CollectionConverters.asJava(expression.children()).stream()
            .anyMatch(RecordSql::isStateful);
  }

  private Step[] steps() {
    List<Step> compiled = new ArrayList<>();
    List<Attribute> from = input;
    for (LogicalPlan node : plan.steps()) {
      compiled.add(compile(node, from));
      from = node instanceof Project project ? attributes(project) : from;
    }
    return compiled.toArray(Step[]::new);
  }

  private static List<Attribute> attributes(Project project) {
    return CollectionConverters.asJava(project.output());
  }

  private static Step compile(LogicalPlan node, List<Attribute> input) {
    if (node instanceof Filter filter) {
      Expression condition = filter.condition().freshCopyIfContainsStatefulExpression();
      BasePredicate predicate = Predicate.create(condition, SqlPlan.seq(input));
      return row -> predicate.eval(row) ? row : null;
    }
    List<Expression> expressions = new ArrayList<>();
    CollectionConverters.asJava(((Project) node).projectList())
        .forEach(
            named -> expressions.add(((Expression) named).freshCopyIfContainsStatefulExpression()));
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

  /**
   * Whether a {@code *} makes it read every column: then a record's every field has to have one.
   */
  public boolean readsAll() {
    return readsAll;
  }

  /** The columns of the rows, in their order. */
  public List<Column> output() {
    return output;
  }

  /**
   * Appends the record's row to this batch's columns for fields, by name and a null where the SQL
   * has no such column; does not end it.
   *
   * @return false where the condition does not hold, and nothing was appended
   * @throws SqlFailure where an expression has no value; the row may be begun then
   */
  public boolean apply(ColumnBatch to) throws SqlFailure {
    InternalRow row = evaluate();
    if (row == null) {
      return false;
    }
    if (to.layout() != rows) {
      bind(to.layout());
    }
    for (int i = 0; i < appenders.length; i++) {
      if (appenders[i] != null) {
        appenders[i].appendNullable(row, places[i], to.vector(i));
      }
    }
    return true;
  }

  /**
   * Null where the record is filtered out. Whatever an expression throws is the record's end and
   * not the stream's: Spark's functions throw more than Spark's own exceptions, checked ones from
   * Scala, assertions, and regular expressions that recur too deep among them.
   */
  private InternalRow evaluate() throws SqlFailure {
    try {
      InternalRow row = vectors.show(1).getRow(0);
      for (Step step : steps) {
        row = step.apply(row);
        if (row == null) {
          return null;
        }
      }
      return row;
    } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
      if (stateful) {
        // What a failed expression has kept would be in the next record's row.
        steps = SQLConf.withExistingConf(SqlPlan.conf(), this::steps);
      }
      throw SqlFailure.of(e);
    }
  }

  private void bind(TableLayout layout) {
    List<Column> columns = layout.columns();
    List<String> names = output.stream().map(Column::name).toList();
    places = columns.stream().mapToInt(column -> names.indexOf(column.name())).toArray();
    appenders = new ValueAppender[places.length];
    for (int i = 0; i < appenders.length; i++) {
      Column column = columns.get(i);
      if (column.role() == Column.Role.FIELD) {
        appenders[i] = places[i] < 0 ? NULL : ValueAppender.of(types.get(places[i]), column.type());
      }
    }
    rows = layout;
  }

  /** For columns that the SQL does not make. */
  private static final class NullAppender implements ValueAppender {
    @Override
    public void append(SpecializedGetters values, int place, ColumnVector to) {
      throw new IllegalStateException("there is no value");
    }

    @Override
    public void appendNullable(SpecializedGetters values, int place, ColumnVector to) {
      to.appendNull();
    }
  }
}
