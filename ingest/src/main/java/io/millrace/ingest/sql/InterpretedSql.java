package io.millrace.ingest.sql;

import io.millrace.core.column.Column;
import io.millrace.lake.verify.SqlInterpreter;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import scala.jdk.javaapi.CollectionConverters;

/** A SQL's plan, evaluated expression by expression. One thread. */
final class InterpretedSql implements SqlInterpreter.Program {
  /** Of a plan: a condition, or what makes the values of the next row. */
  private record Step(boolean isFilter, Expression[] expressions) {}

  private final SqlPlan plan;
  private List<Step> steps;
  private final List<Integer> reads;
  private final boolean readsAll;
  private final boolean dependsOnAbsent;
  private final List<Column> columns;
  private final List<Column> output;
  private final List<DataType> types;
  private final SQLConf conf;

  InterpretedSql(
      SqlPlan plan,
      List<Column> columns,
      List<Column> output,
      boolean dependsOnAbsent,
      SQLConf conf) {
    this.columns = columns;
    this.output = output;
    this.dependsOnAbsent = dependsOnAbsent;
    this.conf = conf;
    this.reads = plan.used();
    this.readsAll = plan.hasStar() && reads.size() == columns.size();
    this.types = plan.output().stream().map(Attribute::dataType).toList();
    this.plan = plan;
    this.steps = steps();
  }

  private List<Step> steps() {
    List<Step> bound = new ArrayList<>();
    List<Attribute> input = plan.input();
    for (LogicalPlan node : plan.steps()) {
      List<Long> ids = input.stream().map(attribute -> attribute.exprId().id()).toList();
      List<Expression> expressions = new ArrayList<>();
      if (node instanceof Filter filter) {
        expressions.add(filter.condition());
      } else {
        CollectionConverters.asJava(((Project) node).projectList())
            .forEach(named -> expressions.add((Expression) named));
        input = SparkInterpreter.attributes(node);
      }
      bound.add(
          new Step(
              node instanceof Filter,
              expressions.stream()
                  .map(e -> bind(e.freshCopyIfContainsStatefulExpression(), ids))
                  .toArray(Expression[]::new)));
    }
    return bound;
  }

  /** The expression with places in a row where it names attributes. */
  private static Expression bind(Expression expression, List<Long> ids) {
    if (expression instanceof Attribute attribute) {
      int place = ids.indexOf(attribute.exprId().id());
      return new BoundReference(place, attribute.dataType(), attribute.nullable());
    }
    List<Expression> children = new ArrayList<>();
    CollectionConverters.asJava(expression.children())
        .forEach(child -> children.add(bind(child, ids)));
    return children.isEmpty()
        ? expression
        : (Expression) expression.withNewChildren(SqlPlan.seq(children));
  }

  @Override
  public List<Integer> reads() {
    return reads;
  }

  @Override
  public boolean readsAll() {
    return readsAll;
  }

  @Override
  public boolean dependsOnAbsent() {
    return dependsOnAbsent;
  }

  @Override
  public List<Column> output() {
    return output;
  }

  @Override
  public Object[] apply(Object[] record) throws SqlInterpreter.NoValueException {
    try {
      return SQLConf.withExistingConf(conf, () -> evaluate(record));
    } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
      // Whatever an expression throws is the record's end. Some keep the half of a map that they
      // were building.
      steps = SQLConf.withExistingConf(conf, this::steps);
      throw new SqlInterpreter.NoValueException(SqlRefusals.firstLine(e));
    }
  }

  private Object[] evaluate(Object[] record) {
    Object[] values = new Object[record.length];
    for (int place : reads) {
      values[place] = SparkValues.of(columns.get(place).type(), record[place]);
    }
    for (Step step : steps) {
      InternalRow row = new GenericInternalRow(values);
      if (step.isFilter) {
        if (!Boolean.TRUE.equals(step.expressions[0].eval(row))) {
          return null;
        }
        continue;
      }
      Object[] next = new Object[step.expressions.length];
      for (int i = 0; i < next.length; i++) {
        next[i] = step.expressions[i].eval(row);
      }
      values = next;
    }
    Object[] made = new Object[values.length];
    for (int i = 0; i < made.length; i++) {
      made[i] = SparkValues.back(types.get(i), values[i]);
    }
    return made;
  }
}
