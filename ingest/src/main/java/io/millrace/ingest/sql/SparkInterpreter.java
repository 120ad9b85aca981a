package io.millrace.ingest.sql;

import io.millrace.core.column.Column;
import io.millrace.core.config.NumberTypes;
import io.millrace.lake.verify.SqlInterpreter;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Evaluates a stream's SQL for verify: by each expression's own evaluation over rows of objects.
 * Ingest runs the code that Spark generates over columns; the two share the resolved plan only.
 */
public final class SparkInterpreter implements SqlInterpreter {
  /** What looks at a whole struct and is the same whatever null members it has. */
  private static final Set<Class<?>> INTO_STRUCTS =
      Set.of(
          AttributeReference.class,
          Alias.class,
          GetStructField.class,
          IsNull.class,
          IsNotNull.class);

  /** For {@link java.util.ServiceLoader}. */
  public SparkInterpreter() {}

  @Override
  public Program compile(String sql, List<Column> columns, NumberTypes numbers) {
    SQLConf conf = SqlPlan.conf();
    try {
      return SQLConf.withExistingConf(conf, () -> resolve(sql, columns, numbers, conf));
    } catch (StackOverflowError e) {
      throw SqlRefusals.of("its expressions are nested too deep", "Make them shorter.", e);
    }
  }

  private static Program resolve(
      String sql, List<Column> columns, NumberTypes numbers, SQLConf conf) {
    SqlPlan plan = SqlPlan.of(sql, columns, conf);
    ColumnTypes types = new ColumnTypes(numbers);
    List<Column> output =
        plan.output().stream()
            .map(a -> Column.field(a.name(), types.of(a.name(), a.dataType())))
            .toList();
    boolean dependsOnAbsent = plan.starsInTerms() || takesWholeStructs(plan);
    return new InterpretedSql(plan, columns, output, dependsOnAbsent, conf);
  }

  private static boolean takesWholeStructs(SqlPlan plan) {
    return plan.steps().stream()
        .flatMap((LogicalPlan step) -> CollectionConverters.asJava(step.expressions()).stream())
        .anyMatch(SparkInterpreter::takesWholeStruct);
  }

  private static boolean takesWholeStruct(Expression expression) {
    List<Expression> children = CollectionConverters.asJava(expression.children());
    boolean takes =
        !INTO_STRUCTS.contains(expression.getClass())
            && children.stream().anyMatch(child -> hasStruct(child.dataType()));
    return takes || children.stream().anyMatch(SparkInterpreter::takesWholeStruct);
  }

  private static boolean hasStruct(DataType type) {
    return type instanceof StructType
        || (type instanceof ArrayType array && hasStruct(array.elementType()))
        || (type instanceof MapType map && hasStruct(map.valueType()));
  }

  /** The attributes of a plan's step. */
  static List<Attribute> attributes(LogicalPlan step) {
    return CollectionConverters.asJava(step.output());
  }
}
