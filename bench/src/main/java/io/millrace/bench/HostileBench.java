package io.millrace.bench;

import com.sun.management.ThreadMXBean;
import io.millrace.core.avro.AvroTables;
import io.millrace.core.avro.testing.HostilePayloads;
import io.millrace.core.avro.testing.RandomRecords;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;

/** What the worst of many payloads costs, for each a row's or a dead letter's time and memory. */
final class HostileBench {
  /** A payload has a millisecond for each of these that it begins: some 30 ns a byte. */
  static final int BYTES_A_MILLISECOND = 32 << 10;

  private static final int RANDOM_SCHEMAS = 475;
  private static final int SEED_RECORDS = 20;

  /** One payload of so many is large. */
  private static final int LARGE_ONE_OF = 200;

  private static final int MOST_BYTES = 1 << 20;

  /** From here on a payload counts as large in the report. */
  private static final int LARGE = 64 << 10;

  /** What a refusal may allocate beside the payload: an exception and its words. */
  private static final int REFUSAL_BYTES = 4096;

  /** A collection of garbage or a method that is being compiled is none of the payload's. */
  private static final int MOST_TRIES = 20;

  private static final KafkaColumns NO_KAFKA =
      new KafkaColumns(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * @param directory for the few files that a stream keeps beside its table
   */
  record Options(int payloads, long seed, Path directory) {}

  private final Options options;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final List<HostileBenchReport.Finding> findings = new ArrayList<>();
  private long[] nanos;
  private long[] picosPerByte;
  private int count;
  private int large;
  private long rows;
  private long retried;
  private HostileBenchReport.Finding worst;
  private double mostAllocated;
  private boolean isRow;
  private long lastNanos;
  private long lastAllocated;

  HostileBench(Options options) {
    this.options = options;
  }

  HostileBenchReport run() throws IOException {
    RandomRecords records = new RandomRecords(options.seed());
    Random random = new Random(options.seed());
    List<Schema> schemas = HostileSchemas.all(RANDOM_SCHEMAS, records);
    List<Schema> all = new ArrayList<>(schemas);
    all.addAll(HostileSchemas.recursive());
    reset(options.payloads());
    // A tenth before, so that most of the code is compiled.
    run(all, schemas.size(), records, random, options.payloads() / 10);
    reset(options.payloads());
    run(all, schemas.size(), records, random, options.payloads());
    return new HostileBenchReport(
        HostileBenchReport.FORMAT,
        all.size(),
        count,
        options.seed(),
        rows,
        count - rows,
        retried,
        HostileBenchReport.micros(Arrays.copyOf(nanos, count)),
        HostileBenchReport.large(Arrays.copyOf(picosPerByte, large), worst),
        mostAllocated,
        findings);
  }

  private void reset(int payloads) {
    nanos = new long[payloads];
    picosPerByte = new long[payloads];
    count = 0;
    large = 0;
    rows = 0;
    retried = 0;
    worst = null;
    mostAllocated = 0;
    findings.clear();
  }

  /**
   * @param storable the first so many have columns
   */
  private void run(
      List<Schema> schemas, int storable, RandomRecords records, Random random, int payloads)
      throws IOException {
    HostilePayloads hostile = new HostilePayloads(random);
    for (int s = 0; s < schemas.size(); s++) {
      Schema schema = schemas.get(s);
      boolean hasColumns = s < storable;
      TableLayout columns =
          hasColumns ? AvroTables.layout(schema, NO_KAFKA) : new TableLayout(List.of());
      List<HostilePath> paths = new ArrayList<>();
      paths.add(new HostilePath.Projection(schema, columns, random));
      if (hasColumns) {
        Path table = options.directory().resolve("table-" + s);
        paths.add(new HostilePath.Ingest(schema, records.successor(schema), table));
      }
      byte[][] seeds = new byte[SEED_RECORDS][];
      for (int i = 0; i < seeds.length; i++) {
        seeds[i] = hasColumns ? records.record(schema) : hostile.large(schema, i);
      }
      long end = (long) payloads * (s + 1) / schemas.size();
      while (count < end) {
        byte[] payload =
            random.nextInt(LARGE_ONE_OF) == 0
                ? hostile.large(schema, MOST_BYTES >> random.nextInt(12))
                : hostile.mutated(seeds[random.nextInt(seeds.length)]);
        HostilePath path = paths.get(random.nextInt(3) == 0 ? 0 : paths.size() - 1);
        take(path, schema, path.value(payload, random));
      }
    }
  }

  private void take(HostilePath path, Schema schema, byte[] value) {
    decode(path, value);
    long least = lastNanos;
    long allocated = lastAllocated;
    int tries = 1;
    while (isAbove(least, allocated, value.length) && tries++ < MOST_TRIES) {
      decode(path, value);
      least = Math.min(least, lastNanos);
      // Vectors keep what they grew to.
      allocated = Math.min(allocated, lastAllocated);
    }
    if (isAbove(least, allocated, value.length)) {
      findings.add(finding(path, schema, value, least, allocated));
    } else if (tries > 1) {
      retried++;
    }
    rows += isRow ? 1 : 0;
    if (value.length > LARGE) {
      picosPerByte[large++] = least * 1000 / value.length;
      if (worst == null || least / 1e3 / value.length > worst.cpuMicros() / worst.bytes()) {
        worst = finding(path, schema, value, least, allocated);
      }
    }
    if (value.length > 0) {
      mostAllocated = Math.max(mostAllocated, (double) (allocated - REFUSAL_BYTES) / value.length);
    }
    nanos[count++] = least;
  }

  private HostileBenchReport.Finding finding(
      HostilePath path, Schema schema, byte[] value, long nanos, long allocated) {
    return new HostileBenchReport.Finding(
        path.name(), schema.toString(), count, value.length, nanos / 1e3, allocated);
  }

  /** Whether that is more than a payload of so many bytes may cost. */
  static boolean isAbove(long nanos, long allocated, int bytes) {
    long milliseconds = 1 + Math.max(0, bytes - 1) / BYTES_A_MILLISECOND;
    return nanos > 1_000_000 * milliseconds || allocated > 4L * bytes + REFUSAL_BYTES;
  }

  private void decode(HostilePath path, byte[] value) {
    long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
    long before = threads.getCurrentThreadCpuTime();
    isRow = path.decode(value);
    lastNanos = threads.getCurrentThreadCpuTime() - before;
    lastAllocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
  }
}
