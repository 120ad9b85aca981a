package io.millrace.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.process.ProcessCpu;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.avro.functions;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * The baseline: the pipeline that Spark's and Delta's documentation lead to, set up as well as we
 * know how. Each setting that differs from the default is here because it makes stock faster or
 * equal in what it writes.
 *
 * <p>The first batch is read by its own batch query, so that it can be small while the stream's
 * batches are as large as ours; the stream goes on where it ended.
 */
final class StockIngest {
  /** Bytes of the wire format's header; {@code substring} counts from 1. */
  private static final int AVRO_FROM = 6;

  private final Job job;
  private final SparkSession spark;

  /**
   * @param schema the writer schema as JSON: stock's from_avro knows one, not one for each id
   * @param maxOffsetsPerTrigger most records a batch of the stream
   * @param firstBatchRecords most records of the first batch
   * @param files tasks and data files a batch
   */
  record Job(
      String bootstrapServers,
      String topic,
      String schema,
      String table,
      String checkpoint,
      long maxOffsetsPerTrigger,
      long firstBatchRecords,
      int files) {}

  private StockIngest(Job job, SparkSession spark) {
    this.job = job;
    this.spark = spark;
  }

  /** Drains what is in the topic now. */
  static RunFigures run(Job job) {
    SparkSession spark = session();
    try {
      return new StockIngest(job, spark).drain();
    } finally {
      spark.stop();
    }
  }

  private static SparkSession session() {
    return DeltaSpark.builder("stock-ingest")
        .config("spark.ui.showConsoleProgress", "false")
        // Data skipping reads the log's state in so many tasks; the default of 50 is for clusters.
        .config("spark.databricks.delta.snapshotPartitions", "2")
        .config("spark.sql.shuffle.partitions", "2")
        // One cached consumer a partition, as the Kafka guide advises; the default is 64.
        .config("spark.kafka.consumer.cache.capacity", "2000")
        // Codec and level of ours.
        .config("spark.sql.parquet.compression.codec", "zstd")
        .config("spark.hadoop.parquet.compression.codec.zstd.level", "1")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate();
  }

  private RunFigures drain() {
    Map<TopicPartition, Long> ends = endOffsets();
    long records = ends.values().stream().mapToLong(Long::longValue).sum();
    Map<TopicPartition, Long> first = firstBatch(ends);

    Dataset<Row> head =
        spark
            .read()
            .format("kafka")
            .options(kafka())
            .option("startingOffsets", "earliest")
            .option("endingOffsets", json(first))
            .load();
    columns(head).write().format("delta").mode("append").save(job.table());
    long firstCommitMillis = System.currentTimeMillis();
    long cpuAtFirstCommit = ProcessCpu.nanos();

    Dataset<Row> rest =
        spark
            .readStream()
            .format("kafka")
            .options(kafka())
            .option("startingOffsets", json(first))
            .option("maxOffsetsPerTrigger", job.maxOffsetsPerTrigger())
            .load();
    try {
      columns(rest)
          .writeStream()
          .format("delta")
          .outputMode("append")
          .option("checkpointLocation", job.checkpoint())
          .trigger(Trigger.AvailableNow())
          .start(job.table())
          .awaitTermination();
    } catch (StreamingQueryException e) {
      throw new MillraceException(
          ExitCode.INTERNAL,
          "Stock Spark failed",
          String.valueOf(e.getMessage()),
          "See its log",
          e);
    }
    return new RunFigures(
        records,
        first.values().stream().mapToLong(Long::longValue).sum(),
        cpuAtFirstCommit,
        ProcessCpu.nanos(),
        ManagementFactory.getRuntimeMXBean().getStartTime(),
        firstCommitMillis,
        System.currentTimeMillis());
  }

  private Map<String, String> kafka() {
    return Map.of(
        "kafka.bootstrap.servers",
        job.bootstrapServers(),
        "subscribe",
        job.topic(),
        "minPartitions",
        String.valueOf(job.files()),
        // As ours. Much more than the default of 500 fills the heap: each cached consumer keeps the
        // rest of its last poll.
        "kafka.max.poll.records",
        "2000",
        "failOnDataLoss",
        "true");
  }

  /** The seven fields and the three Kafka columns, in as few files as there are tasks. */
  private Dataset<Row> columns(Dataset<Row> kafka) {
    return kafka
        .select(
            functions
                .from_avro(expr("substring(value, " + AVRO_FROM + ")"), job.schema())
                .as("event"),
            col("partition"),
            col("offset"),
            col("timestamp"))
        .select(
            col("event.*"),
            col("partition").as("kafka_partition"),
            col("offset").as("kafka_offset"),
            col("timestamp").as("kafka_timestamp"))
        .coalesce(job.files());
  }

  private Map<TopicPartition, Long> endOffsets() {
    Map<String, Object> properties =
        Map.of(
            "bootstrap.servers", job.bootstrapServers(),
            "key.deserializer", ByteArrayDeserializer.class,
            "value.deserializer", ByteArrayDeserializer.class);
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(job.topic()).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      return consumer.endOffsets(partitions);
    }
  }

  private Map<TopicPartition, Long> firstBatch(Map<TopicPartition, Long> ends) {
    long share = Math.max(1, job.firstBatchRecords() / ends.size());
    Map<TopicPartition, Long> first = new HashMap<>();
    ends.forEach((partition, end) -> first.put(partition, Math.min(end, share)));
    return first;
  }

  private String json(Map<TopicPartition, Long> offsets) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    ObjectNode topic = root.putObject(job.topic());
    offsets.forEach(
        (partition, offset) ->
            topic.put(String.valueOf(partition.partition()), offset.longValue()));
    return root.toString();
  }
}
