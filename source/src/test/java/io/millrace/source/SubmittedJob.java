package io.millrace.source;

import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/** What {@link OneJarIT} submits: reads a topic in both ways and prints what it found. */
public final class SubmittedJob {
  private SubmittedJob() {}

  public static void main(String[] args) throws Exception {
    SparkSession spark = SparkSession.builder().getOrCreate();
    Map<String, String> options =
        Map.of(
            "kafka.bootstrap.servers", args[0],
            "registry.url", args[1],
            "topic", args[2],
            "startingOffsets", "earliest");
    System.out.println(
        "batch "
            + spark
                .read()
                .format("millrace")
                .options(options)
                .load()
                .selectExpr("count(*)", "sum(id)")
                .first());
    spark
        .readStream()
        .format("millrace")
        .options(options)
        .option("columns", "id")
        .load()
        .writeStream()
        .format("memory")
        .queryName("found")
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
    System.out.println("stream " + spark.sql("select count(*), sum(id) from found").first());
    spark.stop();
  }
}
