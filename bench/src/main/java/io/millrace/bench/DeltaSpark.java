package io.millrace.bench;

import org.apache.spark.sql.SparkSession;

/** Spark with Delta's own reader and writer, local, on all processors. */
final class DeltaSpark {
  private DeltaSpark() {}

  static SparkSession.Builder builder(String name) {
    return SparkSession.builder()
        .appName(name)
        .master("local[*]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        // No checksum side files: Kafka's and Parquet's own are enough, and ours writes none.
        .config("spark.hadoop.fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem")
        .config(
            "spark.hadoop.fs.AbstractFileSystem.file.impl",
            "org.apache.hadoop.fs.local.RawLocalFs");
  }
}
