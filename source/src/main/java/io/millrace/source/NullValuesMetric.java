package io.millrace.source;

import org.apache.spark.sql.connector.metric.CustomSumMetric;

/** Records left out because their value is null. Public for Spark, which makes it by name. */
public final class NullValuesMetric extends CustomSumMetric {
  static final String NAME = "nullValues";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "records skipped because their value is null";
  }
}
