package io.millrace.cli.values;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.SparkSessions;
import io.millrace.core.process.StopSignal;
import io.millrace.embedded.LocalStack;
import io.millrace.embedded.testing.PythonEnvironment;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestOptions;
import io.millrace.ingest.IngestResult;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every column of every row as produced is what independent readers read: delta-rs and Delta's own
 * Spark reader. Statistics let both skip files, and neither loses a row by it.
 */
class ValuesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RECORDS = 1_000;

  /** A filter that files of one generation can be skipped by. */
  private record Filter(String column, String op, Object value, String sql) {}

  @TempDir private static Path directory;
  private static LocalStack stack;
  private static String table;
  private static final RowHash PRODUCED = new RowHash();
  private static final List<Filter> FILTERS = new ArrayList<>();

  @BeforeAll
  static void produceAndIngestTwoGenerations() throws Exception {
    stack = LocalStack.start(directory.resolve("stack"));
    SampleStream stream = new SampleStream(stack, "everything", directory.resolve("table"));
    table = stream.table;
    for (int generation = 0; generation < 2; generation++) {
      // The later generation has twice the rows, so that it has offsets of its own.
      stream.produce(
          generation,
          RECORDS * (generation + 1),
          (record, sent, timestamp) -> PRODUCED.add(asProduced(record, sent, timestamp)));
      IngestResult result =
          Ingest.run(
              stream.config(),
              IngestOptions.drain(),
              new StopSignal(),
              failure -> {},
              InstantSource.system());
      assertThat(result.drained()).as(result.toString()).isTrue();
    }
    filters();
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
    SparkSessions.stop();
  }

  private static Object[] asProduced(GenericRecord record, RecordMetadata sent, long timestamp) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < Sample.SCHEMA.getFields().size(); i++) {
      Object value = record.get(i);
      if (value instanceof ByteBuffer buffer) {
        value = bytes(buffer);
      } else if (value instanceof Long millis && i == record.getSchema().getField("at_ms").pos()) {
        value = millis * 1_000;
      }
      values.add(value);
    }
    values.add(sent.partition());
    values.add(sent.offset());
    values.add(timestamp * 1_000);
    return values.toArray();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** For each column one that ends with generation 0 and one that begins with generation 1. */
  private static void filters() {
    add("id", RECORDS - 1L, 1_000_000_000_000L);
    add("small", -1, 0);
    add("ratio", -1e-4, 0.1);
    add("score", -1e-4, 0.1);
    add("name", "B", "z");
    add("kind", "B", "Y");
    add("kafka_partition", 1, 2);
    FILTERS.add(new Filter("day", "<=", -1, "day <= date'1969-12-31'"));
    FILTERS.add(new Filter("day", ">=", 0, "day >= date'1970-01-01'"));
    for (String column : List.of("at_ms", "at_us")) {
      FILTERS.add(new Filter(column, "<=", -1, column + " < timestamp'1970-01-01 00:00:00Z'"));
      FILTERS.add(new Filter(column, ">=", 0, column + " >= timestamp'1970-01-01 00:00:00Z'"));
    }
    Instant between = Instant.ofEpochMilli(1_700_500_000_000L);
    FILTERS.add(
        new Filter(
            "kafka_timestamp",
            "<=",
            between.toEpochMilli() * 1_000,
            "kafka_timestamp <= timestamp'" + between + "'"));
    FILTERS.add(new Filter("kafka_offset", ">=", RECORDS / 2L, "kafka_offset >= " + RECORDS / 2));
    FILTERS.add(new Filter("flag", "null", null, "flag IS NULL"));
    FILTERS.add(new Filter("raw", "null", null, "raw IS NULL"));
  }

  private static void add(String column, Object last, Object first) {
    String quote = last instanceof String ? "'" : "";
    FILTERS.add(new Filter(column, "<=", last, column + " <= " + quote + last + quote));
    FILTERS.add(new Filter(column, ">=", first, column + " >= " + quote + first + quote));
  }

  @Test
  void deltaRsReadsWhatWasProducedAndItsFiltersSkipFilesAndLoseNothing() throws Exception {
    PythonEnvironment python = PythonEnvironment.with("deltalake==1.6.6", "pyarrow==23.0.0");
    Path filters = directory.resolve("filters.json");
    JSON.writeValue(filters.toFile(), FILTERS);

    PythonEnvironment.Result result =
        python.run(
            Path.of("src", "test", "resources", "values.py").toAbsolutePath(),
            table,
            filters.toString());

    assertThat(result.exitCode()).as(result.output()).isZero();
    JsonNode read = JSON.readTree(result.output());
    assertThat(read.get("hash").asText()).isEqualTo(PRODUCED.toString());
    assertThat(read.get("filters"))
        .hasSize(FILTERS.size())
        .allSatisfy(
            filter -> {
              assertThat(filter.get("rows").asInt()).isPositive();
              assertThat(filter.get("rows")).isEqualTo(filter.get("rowsOfAll"));
              assertThat(filter.get("filesRead").asInt())
                  .isBetween(1, filter.get("files").asInt() - 1);
            });
  }

  @Test
  void sparkReadsWhatWasProduced() {
    RowHash read = new RowHash();
    for (Iterator<Row> rows = table().toLocalIterator(); rows.hasNext(); ) {
      Row row = rows.next();
      Object[] values = new Object[row.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get(i);
      }
      read.add(values);
    }

    assertThat(read).hasToString(PRODUCED.toString());
  }

  @Test
  void sparksFiltersSkipFilesAndLoseNothing() {
    int files = table().inputFiles().length;
    // Counted without a filter, so that no file can be skipped.
    Row counts =
        table()
            .selectExpr(
                FILTERS.stream().map(f -> "count_if(" + f.sql() + ")").toArray(String[]::new))
            .first();

    for (int i = 0; i < FILTERS.size(); i++) {
      String sql = FILTERS.get(i).sql();
      Dataset<Row> filtered = table().where(sql);
      assertThat(filtered.inputFiles().length).as("files for " + sql).isBetween(1, files - 1);
      assertThat(filtered.count()).as(sql).isEqualTo(counts.getLong(i)).isPositive();
    }
  }

  /**
   * A file with a NaN has no bounds for that column, as NaN has no place in the order that all
   * readers agree on: no filter may skip it. (delta-rs 1.6.6 takes a missing bound for a null and
   * finds nothing then, in tables of any writer.)
   */
  @Test
  void sparksFiltersFindNotANumber() {
    long all = table().selectExpr("count_if(isnan(odd))").first().getLong(0);

    assertThat(all).isPositive();
    for (String sql : List.of("odd > double('Infinity')", "odd = double('NaN')")) {
      assertThat(table().where(sql).count()).as(sql).isEqualTo(all);
    }
  }

  private static Dataset<Row> table() {
    return SparkSession.active().read().format("delta").load(table);
  }
}
