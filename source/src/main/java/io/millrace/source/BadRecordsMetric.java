package io.millrace.source;

import org.apache.spark.sql.connector.metric.CustomSumMetric;

/** Records left out because they are no rows. Public for Spark, which makes it by name. */
public final class BadRecordsMetric extends CustomSumMetric {
  static final String NAME = "badRecords";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "records skipped because they could not be decoded";
  }
}
