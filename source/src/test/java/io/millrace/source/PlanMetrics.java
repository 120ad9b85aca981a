package io.millrace.source;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;

/** What Spark has counted where a query reads. */
final class PlanMetrics {
  private PlanMetrics() {}

  /** After an action of this very dataset. */
  static Map<String, Long> of(Dataset<?> dataset) {
    Map<String, Long> values = new HashMap<>();
    SparkPlan scan =
        ((org.apache.spark.sql.classic.Dataset<?>) dataset)
            .queryExecution()
            .executedPlan()
            .find(plan -> plan instanceof BatchScanExec)
            .get();
    scala.jdk.javaapi.CollectionConverters.asJava(scan.metrics())
        .forEach((name, metric) -> values.put(name, metric.value()));
    return values;
  }
}
