package io.millrace.bench;

import static org.apache.spark.sql.functions.expr;

import io.millrace.core.process.ProcessCpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.avro.functions;

/**
 * One side of {@link SourceBench} in a process of its own: the same batch query over a whole topic,
 * again and again, each time the sum of the hashes of some columns.
 */
final class SourceSide {
  /** Bytes of the wire format's header; {@code substring} counts from 1. */
  private static final int AVRO_FROM = 6;

  /** Passes before the first that counts: the JVM compiles for about as long. */
  private static final int WARM_UP = 3;

  private final Job job;
  private final SparkSession spark;

  /** Who reads. */
  enum Reader {
    OURS,
    STOCK
  }

  /**
   * @param schema file with the writer schema: stock's from_avro knows one, not one for each id
   * @param columns of the value that are hashed
   * @param passes that are measured, after {@link #WARM_UP} that are not
   */
  record Job(
      Reader reader,
      String bootstrapServers,
      String registryUrl,
      String topic,
      Path schema,
      List<String> columns,
      int passes) {}

  /**
   * @param hash sum of the 64-bit hashes, which wraps around
   * @param cpuNanos of the whole process while the pass ran
   */
  record Pass(long records, long hash, long cpuNanos, long wallNanos) {
    double cpuMicros() {
      return cpuNanos / 1e3 / records;
    }

    double rate() {
      return records * 1e9 / wallNanos;
    }
  }

  /**
   * What a side reports.
   *
   * @param passes the measured ones
   */
  record Result(List<Pass> passes) {}

  private SourceSide(Job job, SparkSession spark) {
    this.job = job;
    this.spark = spark;
  }

  static Result run(Job job) throws IOException {
    SparkSession spark =
        DeltaSpark.builder("source-bench")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            // So that the sum of hashes may wrap around.
            .config("spark.sql.ansi.enabled", "false")
            // One cached consumer a partition, as the Kafka guide advises; the default is 64.
            .config("spark.kafka.consumer.cache.capacity", "2000")
            .getOrCreate();
    try {
      SourceSide side = new SourceSide(job, spark);
      List<Pass> passes = new ArrayList<>();
      for (int pass = 0; pass < WARM_UP + job.passes(); pass++) {
        passes.add(side.pass());
      }
      return new Result(List.copyOf(passes.subList(WARM_UP, passes.size())));
    } finally {
      spark.stop();
    }
  }

  private Pass pass() throws IOException {
    long cpu = ProcessCpu.nanos();
    long start = System.nanoTime();
    Row found =
        rows()
            .selectExpr(
                "count(*)",
                "sum(xxhash64("
                    + job.columns().stream().collect(Collectors.joining("`, `", "`", "`"))
                    + "))")
            .first();
    long wall = System.nanoTime() - start;
    return new Pass(found.getLong(0), found.getLong(1), ProcessCpu.nanos() - cpu, wall);
  }

  private Dataset<Row> rows() throws IOException {
    return job.reader() == Reader.OURS ? ours() : stock();
  }

  private Dataset<Row> ours() {
    return spark
        .read()
        .format("millrace")
        .option("kafka.bootstrap.servers", job.bootstrapServers())
        .option("registry.url", job.registryUrl())
        .option("topic", job.topic())
        .load();
  }

  private Dataset<Row> stock() throws IOException {
    String writer = Files.readString(job.schema());
    return spark
        .read()
        .format("kafka")
        .option("kafka.bootstrap.servers", job.bootstrapServers())
        .option("subscribe", job.topic())
        // More than the default of 500: fewer polls.
        .option("kafka.max.poll.records", "2000")
        .load()
        .select(
            functions
                .from_avro(
                    expr("substring(value, " + AVRO_FROM + ")"),
                    writer,
                    Map.of("avroSchema", reader(new Schema.Parser().parse(writer))))
                .as("event"))
        .select("event.*");
  }

  /** The fields that are asked for alone: Avro's reader then passes the others by. */
  private String reader(Schema writer) {
    SchemaBuilder.FieldAssembler<Schema> fields =
        SchemaBuilder.record(writer.getName()).namespace(writer.getNamespace()).fields();
    for (String column : job.columns()) {
      fields.name(column).type(writer.getField(column).schema()).noDefault();
    }
    return fields.endRecord().toString();
  }
}
