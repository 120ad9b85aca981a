package io.millrace.ingest.sql;

import io.millrace.core.column.Column;
import io.millrace.core.error.MillraceException;
import io.millrace.source.SparkTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.catalyst.AliasIdentifier;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.Analyzer;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.analysis.Star;
import org.apache.spark.sql.catalyst.analysis.TableFunctionRegistry;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.catalog.InMemoryCatalog;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.optimizer.ReplaceExpressions$;
import org.apache.spark.sql.catalyst.optimizer.RewriteWithExpression$;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.internal.SQLConf;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A stream's SQL, resolved by Spark's own analyzer without a session, so that driver and executors
 * come to the same plan. Allowed is what makes at most one row of one record, and the same row
 * whenever it is evaluated again.
 */
final class SqlPlan {
  /** What the SQL calls the records. */
  static final String RELATION = "stream";

  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.builtin();

  private static final String ONE_ROW =
      "Use SELECT expressions FROM "
          + RELATION
          + " WHERE condition, which makes at most one row"
          + " of one record.";

  private final LogicalPlan plan;
  private final List<Attribute> input;

  private final boolean star;
  private final boolean starsInTerms;

  private SqlPlan(LogicalPlan plan, List<Attribute> input, boolean star, boolean starsInTerms) {
    this.plan = plan;
    this.input = input;
    this.star = star;
    this.starsInTerms = starsInTerms;
  }

  /** Spark's settings wherever such a plan is made or compiled. */
  static SQLConf conf() {
    SQLConf conf = new SQLConf();
    conf.setConfString("spark.sql.ansi.enabled", "true");
    conf.setConfString("spark.sql.session.timeZone", "UTC");
    conf.setConfString("spark.sql.caseSensitive", "false");
    return conf;
  }

  /**
   * To be called with {@link #conf} in force.
   *
   * @throws MillraceException {@code USAGE} where the SQL is wrong or not of the form that is
   *     allowed
   */
  static SqlPlan of(String sql, List<Column> columns, SQLConf conf) {
    LocalRelation relation =
        new LocalRelation(
            seq(
                CollectionConverters.asJava(
                    DataTypeUtils.toAttributes(SparkTypes.struct(columns)))),
            seq(List.of()),
            false,
            Option.empty());
    LogicalPlan resolved;
    boolean star;
    boolean starsInTerms;
    try {
      LogicalPlan parsed = CatalystSqlParser$.MODULE$.parsePlan(SqlText.forParser(sql));
      star = hasStar(parsed);
      starsInTerms = hasStarInTerm(parsed);
      LogicalPlan bound = bind(parsed, relation);
      Analyzer analyzer =
          new Analyzer(
              new SessionCatalog(
                  new InMemoryCatalog(new SparkConf(false), new Configuration(false)),
                  FUNCTIONS,
                  TableFunctionRegistry.builtin(),
                  conf));
      resolved = analyzer.execute(bound);
      requireOneRow(resolved);
      analyzer.checkAnalysis(resolved);
    } catch (MillraceException e) {
      throw e;
    } catch (Exception e) {
      // Of many classes, checked ones too: the analyzer is written in Scala.
      throw SqlRefusals.of(SqlRefusals.firstLine(e), "Correct the stream's sql (docs/sql.md).", e);
    }
    LogicalPlan runnable =
        RewriteWithExpression$.MODULE$.apply(ReplaceExpressions$.MODULE$.apply(resolved));
    requireRepeatable(runnable);
    requireOwnNames(resolved);
    List<Attribute> input = CollectionConverters.asJava(relation.output());
    SqlPlan written = new SqlPlan(runnable, input, star, starsInTerms);
    if (written.steps().stream().noneMatch(Project.class::isInstance)) {
      // "FROM stream" alone: a select of everything.
      LogicalPlan all = new Project(seq(List.copyOf(input)), runnable);
      return new SqlPlan(all, input, true, starsInTerms);
    }
    return written;
  }

  private static boolean hasStar(LogicalPlan plan) {
    return CollectionConverters.asJava(plan.expressions()).stream().anyMatch(SqlPlan::isStar)
        || CollectionConverters.asJava(plan.children()).stream().anyMatch(SqlPlan::hasStar);
  }

  private static boolean isStar(Expression expression) {
    return expression instanceof Star
        || CollectionConverters.asJava(expression.children()).stream().anyMatch(SqlPlan::isStar);
  }

  private static boolean hasStarInTerm(LogicalPlan plan) {
    return CollectionConverters.asJava(plan.expressions()).stream()
            .anyMatch(e -> !(e instanceof Star) && isStar(e))
        || CollectionConverters.asJava(plan.children()).stream().anyMatch(SqlPlan::hasStarInTerm);
  }

  /** Puts the records' columns where the SQL names them. */
  private static LogicalPlan bind(LogicalPlan parsed, LocalRelation relation) {
    requireOwnTerms(parsed);
    if (parsed instanceof UnresolvedRelation named) {
      if (!named.tableName().equalsIgnoreCase(RELATION)) {
        throw SqlRefusals.of(
            "it reads " + named.tableName() + ", and there is only the stream's own record",
            "Write FROM " + RELATION + ".");
      }
      return new SubqueryAlias(AliasIdentifier.apply(RELATION), relation);
    }
    if (parsed instanceof UnresolvedWith) {
      throw SqlRefusals.of(
          "it begins with WITH", "Write the query where it is read: FROM (SELECT ...) AS name.");
    }
    if (parsed.children().isEmpty()) {
      throw SqlRefusals.of("it reads no records (%s)".formatted(parsed.nodeName()), ONE_ROW);
    }
    List<LogicalPlan> children = new ArrayList<>();
    for (LogicalPlan child : CollectionConverters.asJava(parsed.children())) {
      children.add(bind(child, relation));
    }
    return (LogicalPlan) parsed.withNewChildren(seq(children));
  }

  private static void requireOwnTerms(LogicalPlan plan) {
    for (Expression expression : CollectionConverters.asJava(plan.expressions())) {
      requireOwnTerms(expression);
    }
  }

  private static void requireOwnTerms(Expression expression) {
    if (expression instanceof SubqueryExpression) {
      throw SqlRefusals.of("it has a subquery in an expression", ONE_ROW);
    }
    // The analyzer would look for it in a catalog, and there is none.
    if (expression instanceof UnresolvedFunction function) {
      String name = function.nameParts().mkString(".");
      if (!FUNCTIONS.functionExists(FunctionIdentifier.apply(name))) {
        throw SqlRefusals.of("Spark has no function " + name, "Use one of Spark's own functions.");
      }
    }
    for (Expression child : CollectionConverters.asJava(expression.children())) {
      requireOwnTerms(child);
    }
  }

  private static void requireOneRow(LogicalPlan plan) {
    if (plan instanceof LocalRelation) {
      return;
    }
    if (!(plan instanceof Project || plan instanceof Filter || plan instanceof SubqueryAlias)) {
      throw SqlRefusals.of(
          "it needs %s, which is no expression of one record"
              .formatted(plan.nodeName().toLowerCase(Locale.ROOT)),
          ONE_ROW);
    }
    CollectionConverters.asJava(plan.children()).forEach(SqlPlan::requireOneRow);
  }

  private static void requireRepeatable(LogicalPlan plan) {
    CollectionConverters.asJava(plan.expressions()).forEach(SqlPlan::requireRepeatable);
    CollectionConverters.asJava(plan.children()).forEach(SqlPlan::requireRepeatable);
  }

  private static void requireRepeatable(Expression expression) {
    CollectionConverters.asJava(expression.children()).forEach(SqlPlan::requireRepeatable);
    // Clocks (CURRENT_LIKE), and what Spark fills in once a query: users, catalogs.
    boolean filledIn =
        expression.containsPattern(TreePattern.CURRENT_LIKE())
            || (expression instanceof Unevaluable && !(expression instanceof Attribute));
    if (!expression.deterministic() || filledIn) {
      throw notRepeatable(expression.prettyName());
    }
  }

  static MillraceException notRepeatable(String what) {
    return SqlRefusals.of(
        what + " has another value each time, and a replay must make the same rows",
        "Compute from the record's own fields only.");
  }

  private static void requireOwnNames(LogicalPlan plan) {
    Set<String> names = new HashSet<>();
    for (Attribute attribute : CollectionConverters.asJava(plan.output())) {
      if (!Column.isAllowedName(attribute.name())) {
        throw SqlRefusals.of(
            "no column can have the name \"%s\"".formatted(attribute.name()),
            "Name the expression with AS, without blanks and any of ,;{}()=");
      }
      if (!names.add(attribute.name().toLowerCase(Locale.ROOT))) {
        throw SqlRefusals.of(
            "two of its columns have the name " + attribute.name() + ", but for case",
            "Give one of them another name with AS.");
      }
    }
  }

  /** Project and Filter nodes, in the order in which a record passes them. */
  List<LogicalPlan> steps() {
    List<LogicalPlan> steps = new ArrayList<>();
    for (LogicalPlan node = plan; !(node instanceof LocalRelation); node = node.children().head()) {
      if (!(node instanceof SubqueryAlias)) {
        steps.add(0, node);
      }
    }
    return steps;
  }

  /** Places of the columns that the SQL reads, ascending. */
  List<Integer> used() {
    Set<Long> named = new HashSet<>();
    for (LogicalPlan step : steps()) {
      for (Attribute attribute : CollectionConverters.asJava(step.references().toSeq())) {
        named.add(attribute.exprId().id());
      }
    }
    List<Integer> used = new ArrayList<>();
    for (int i = 0; i < input.size(); i++) {
      if (named.contains(input.get(i).exprId().id())) {
        used.add(i);
      }
    }
    return used;
  }

  /** One attribute a column that the SQL may read. */
  List<Attribute> input() {
    return input;
  }

  /** Whether it names all columns without naming them, of the record or of a part of it. */
  boolean hasStar() {
    return star;
  }

  /** Whether a {@code *} is the argument of a function. */
  boolean starsInTerms() {
    return starsInTerms;
  }

  /** What a row has. */
  List<Attribute> output() {
    return CollectionConverters.asJava(plan.output());
  }

  static <T> Seq<T> seq(List<? extends T> list) {
    return CollectionConverters.<T>asScala(List.<T>copyOf(list)).toSeq();
  }
}
