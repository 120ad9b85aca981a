package io.millrace.bench;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.avro.DecodeException;
import io.millrace.core.avro.RecordDecoder;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.Compression;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.wire.WireFormat;
import io.millrace.lake.parquet.ColumnFileWriter;
import io.millrace.lake.parquet.EncodingHints;
import io.millrace.producer.Schemas;
import io.millrace.producer.generate.Draft;
import io.millrace.producer.generate.EventTime;
import io.millrace.producer.generate.RecordGenerator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What decoding, encoding and compressing cost without Kafka and Spark: {@code ColumnBench
 * [records] [rounds] [schema] [directory]}. Prints CPU microseconds a record for each stage, the
 * median of the rounds' later half; compressing is what zstd adds to writing without a codec. Run
 * by hand, also under a profiler.
 */
public final class ColumnBench {
  private static final int BLOCK = 1 << 20;
  private static final int KAFKA_PARTITIONS = 100;

  /** Records that Kafka hands over for one partition at a time. */
  private static final int RUN = 500;

  private static final long BATCH_BYTES = 12 << 20;
  private static final long ROW_GROUP_BYTES = 64 << 20;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Configuration hadoop = new Configuration();
  private final EncodingHints hints = new EncodingHints();
  private final Path directory;
  private final ByteBuffer[] payloads;
  private final TableLayout layout;
  private final RecordDecoder decoder;
  private final ColumnBatch batch;
  private long decodeNanos;
  private long writeNanos;

  private ColumnBench(int records, Schema schema, String directory) {
    this.directory = new Path(directory);
    hadoop.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    payloads = payloads(records, schema);
    layout = AvroTables.layout(schema, KafkaColumns.DEFAULT);
    decoder = AvroTables.decoder(schema, layout);
    batch = new ColumnBatch(layout);
  }

  /** Payloads one behind the other in arrays of a megabyte, as in Kafka's fetched batches. */
  private static ByteBuffer[] payloads(int records, Schema schema) {
    Instant start = Instant.parse("2026-11-01T00:00:00Z");
    Draft draft = new Draft(1, new EventTime(start, 500_000), 1);
    RecordGenerator generator = RecordGenerator.compile(schema, null, Map.of());
    ByteBuffer[] payloads = new ByteBuffer[records];
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    for (int i = 0; i < records; i++) {
      generator.generate(draft, i);
      byte[] value = draft.copy();
      int length = value.length - WireFormat.HEADER_BYTES;
      if (block.remaining() < length) {
        block = ByteBuffer.allocate(Math.max(BLOCK, length));
      }
      payloads[i] = block.slice(block.position(), length);
      block.put(value, WireFormat.HEADER_BYTES, length);
    }
    return payloads;
  }

  public static void main(String[] arguments) throws IOException, DecodeException {
    int records = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    Schema schema = Schemas.load(arguments.length > 2 ? arguments[2] : "user_event");
    String directory = arguments.length > 3 ? arguments[3] : System.getProperty("java.io.tmpdir");
    new ColumnBench(records, schema, directory).run(rounds);
  }

  private void run(int rounds) throws IOException, DecodeException {
    double[] decode = new double[rounds];
    double[] encode = new double[rounds];
    double[] compress = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      long plainBytes = round(Compression.NONE);
      encode[round] = micros(writeNanos);
      long zstdBytes = round(Compression.ZSTD);
      decode[round] = micros(decodeNanos);
      compress[round] = micros(writeNanos) - encode[round];
      System.out.printf(
          "round %d: decode %.3f encode %.3f compress %.3f us, %.1f B plain, %.1f B zstd%n",
          round,
          decode[round],
          encode[round],
          compress[round],
          (double) plainBytes / payloads.length,
          (double) zstdBytes / payloads.length);
    }
    double bytes = Arrays.stream(payloads).mapToLong(ByteBuffer::remaining).average().orElse(0);
    double sum = median(decode) + median(encode) + median(compress);
    System.out.printf(
        "median: decode %.3f + encode %.3f + compress %.3f = %.3f us/record, %.2f M records/s%n",
        median(decode), median(encode), median(compress), sum, 1 / sum);
    System.out.printf("%.1f B of Avro a record, %.3f ns/B%n", bytes, 1000 * sum / bytes);
  }

  private static double median(double[] rounds) {
    double[] later = Arrays.copyOfRange(rounds, rounds.length / 2, rounds.length);
    Arrays.sort(later);
    return later[later.length / 2];
  }

  private double micros(long nanos) {
    return nanos / 1000.0 / payloads.length;
  }

  private long round(Compression compression) throws IOException, DecodeException {
    decodeNanos = 0;
    writeNanos = 0;
    long start = threads.getCurrentThreadCpuTime();
    Path path = new Path(directory, "column-bench.parquet");
    ColumnFileWriter writer =
        ColumnFileWriter.open(hadoop, path, Map.of(), layout, compression, ROW_GROUP_BYTES, hints);
    for (int i = 0; i < payloads.length; i++) {
      decoder.decode(payloads[i], batch);
      int row = batch.endRow();
      batch.setKafka(row, i / RUN % KAFKA_PARTITIONS, i, 1_793_000_000_000L + i / 500);
      if (row % 64 == 0 && batch.bytes() >= BATCH_BYTES) {
        start = write(writer, start);
      }
    }
    start = write(writer, start);
    long bytes = writer.close().bytes();
    writeNanos += threads.getCurrentThreadCpuTime() - start;
    path.getFileSystem(hadoop).delete(path, false);
    return bytes;
  }

  private long write(ColumnFileWriter writer, long start) throws IOException {
    long decoded = threads.getCurrentThreadCpuTime();
    writer.write(batch, null, 0);
    batch.clear();
    long written = threads.getCurrentThreadCpuTime();
    decodeNanos += decoded - start;
    writeNanos += written - decoded;
    return written;
  }
}
