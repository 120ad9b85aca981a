package io.millrace.bench;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What is in a table, whatever the order of its rows, as Delta's own Spark reader sees it.
 *
 * @param rows how many
 * @param offsetSum sum of kafka_offset
 * @param hash sum of the 64-bit hash of each row over all columns, in full precision
 */
record TableContent(long rows, long offsetSum, String hash) {
  static TableContent of(String table) {
    SparkSession spark = DeltaSpark.builder("table-content").getOrCreate();
    try {
      var rows = spark.read().format("delta").load(table);
      String columns =
          Arrays.stream(rows.columns()).map(c -> "`" + c + "`").collect(Collectors.joining(", "));
      Row content =
          rows.selectExpr(
                  "count(*)",
                  "coalesce(sum(kafka_offset), 0)",
                  "string(sum(cast(xxhash64(" + columns + ") as decimal(38, 0))))")
              .first();
      return new TableContent(content.getLong(0), content.getLong(1), content.getString(2));
    } finally {
      spark.stop();
    }
  }
}
