package io.millrace.source;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * What the tasks of a stream have left out, for its progress: Spark brings metrics of tasks to its
 * pages, but not into a query's progress. Tasks that were tried again count twice.
 *
 * @param badRecords null where nobody asks
 * @param nullValues null where nobody asks
 */
record Counters(LongAccumulator badRecords, LongAccumulator nullValues) implements Serializable {
  static final Counters NONE = new Counters(null, null);

  static Counters of(SparkContext context) {
    return new Counters(
        context.longAccumulator(BadRecordsMetric.NAME),
        context.longAccumulator(NullValuesMetric.NAME));
  }

  void add(long bad, long nulls) {
    if (badRecords != null) {
      badRecords.add(bad);
      nullValues.add(nulls);
    }
  }
}
