package io.millrace.ingest.driver;

import io.millrace.ingest.task.TaskResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * One Spark query over one {@link StreamDriver}, with a checkpoint directory that lives no longer
 * than the query: the position is in the table.
 */
final class StreamQuery implements AutoCloseable {
  private final StreamDriver driver;
  private final String key;
  private final Optional<Path> temporary;
  private final StreamingQuery query;

  private StreamQuery(
      StreamDriver driver, String key, Optional<Path> temporary, StreamingQuery query) {
    this.driver = driver;
    this.key = key;
    this.temporary = temporary;
    this.query = query;
  }

  /**
   * Starts the query.
   *
   * @param once drain what is there now, then end
   * @param interval from one trigger to the next
   * @param given a checkpoint directory that is kept; empty for one of its own
   */
  static StreamQuery start(
      SparkSession spark,
      StreamDriver driver,
      boolean once,
      Duration interval,
      Optional<Path> given)
      throws IOException, TimeoutException {
    String stream = driver.spec().stream();
    Optional<Path> temporary =
        given.isPresent()
            ? Optional.empty()
            : Optional.of(Files.createTempDirectory("millrace-checkpoint-"));
    Path checkpoint = given.or(() -> temporary).orElseThrow();
    String key = StreamDrivers.register(driver);
    spark.sparkContext().setLocalProperty("spark.scheduler.pool", stream);
    StreamingQuery query =
        spark
            .readStream()
            .format(IngestSource.class.getName())
            .option(StreamDrivers.OPTION, key)
            .load()
            .writeStream()
            .queryName(stream)
            .option("checkpointLocation", checkpoint.toUri().toString())
            .trigger(once ? Trigger.AvailableNow() : Trigger.ProcessingTime(interval.toMillis()))
            .foreachBatch((Dataset<Row> rows, Long batch) -> driver.commit(collect(rows)))
            .start();
    return new StreamQuery(driver, key, temporary, query);
  }

  /** One action only: a second one would run the tasks again. */
  private static List<TaskResult> collect(Dataset<Row> rows) {
    return rows.queryExecution().toRdd().toJavaRDD().map(row -> row.getBinary(0)).collect().stream()
        .map(TaskResult::fromBytes)
        .toList();
  }

  /** Waits until the query ends by itself or is stopped. */
  void await() throws StreamingQueryException {
    try {
      query.awaitTermination();
    } finally {
      driver.queryEnded();
    }
  }

  /** Ends the query after the batch in hand. */
  void stop() throws InterruptedException, TimeoutException {
    driver.stopAfterBatch();
    query.stop();
  }

  @Override
  public void close() {
    StreamDrivers.forget(key);
    temporary.ifPresent(checkpoint -> FileUtil.fullyDelete(checkpoint.toFile()));
  }
}
