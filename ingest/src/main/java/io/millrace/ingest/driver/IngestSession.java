package io.millrace.ingest.driver;

import io.millrace.lake.delta.LakeConfiguration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The Spark session that ingest runs in. */
public final class IngestSession {
  private static final String MASTER = "spark.master";

  private IngestSession() {}

  /**
   * Gets the session of this process or starts one.
   *
   * @param spark the user's Spark properties
   * @param hadoop the user's Hadoop properties
   */
  public static SparkSession start(Map<String, String> spark, Map<String, String> hadoop) {
    SparkSession.Builder builder = SparkSession.builder();
    properties(spark, hadoop, Runtime.getRuntime().availableProcessors()).forEach(builder::config);
    return builder.getOrCreate();
  }

  /** Our defaults, the user's properties over them. */
  static Map<String, String> properties(
      Map<String, String> spark, Map<String, String> hadoop, int cores) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("spark.app.name", "millrace-ingest");
    // A bare local[n] gives up after a task's first failure.
    properties.put(MASTER, "local[" + cores + ",4]");
    if (spark.getOrDefault(MASTER, "local").startsWith("local")) {
      properties.put("spark.driver.host", "127.0.0.1");
      properties.put("spark.driver.bindAddress", "127.0.0.1");
    }
    // Streams share the cores fairly instead of one after the other.
    properties.put("spark.scheduler.mode", "FAIR");
    // A copy of a running task would read and write everything twice.
    properties.put("spark.speculation", "false");
    properties.put("spark.ui.enabled", "false");
    properties.put("spark.ui.showConsoleProgress", "false");
    properties.put("spark.ui.retainedJobs", "10");
    properties.put("spark.ui.retainedStages", "10");
    properties.put("spark.ui.retainedTasks", "100");
    properties.put("spark.sql.ui.retainedExecutions", "2");
    properties.put("spark.sql.shuffle.partitions", "2");
    properties.put("spark.sql.adaptive.enabled", "false");
    // A batch passes a handful of rows through Spark: compiling code for them costs more.
    properties.put("spark.sql.codegen.wholeStage", "false");
    properties.put("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    properties.put("spark.sql.streaming.noDataMicroBatches.enabled", "false");
    properties.put("spark.sql.streaming.minBatchesToRetain", "2");
    properties.put("spark.sql.streaming.numRecentProgressUpdates", "2");
    LakeConfiguration.properties(hadoop)
        .forEach((name, value) -> properties.put("spark.hadoop." + name, value));
    properties.putAll(spark);
    return properties;
  }

  /** Tasks that one process of this session runs at a time. */
  static int tasksAtOnce(SparkSession session) {
    int all = session.sparkContext().defaultParallelism();
    return session.sparkContext().isLocal()
        ? all
        : session.sparkContext().conf().getInt("spark.executor.cores", all);
  }
}
