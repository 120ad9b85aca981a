package io.millrace.cli.demo;

import io.millrace.cli.Converters;
import io.millrace.cli.Errors;
import io.millrace.cli.StackOptions;
import io.millrace.core.json.JsonFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace demo}. */
@Command(
    name = "demo",
    description =
        "Generate records into a local Kafka, ingest them into a Delta table, and prove that each is"
            + " there exactly once.")
public final class DemoCommand implements Callable<Integer> {
  private static final int MAX_PARTITIONS = 10_000;

  /**
   * Spark refuses to start with less than 1.5 times the 300 MiB that its UnifiedMemoryManager
   * reserves, and counts without one of the collector's survivor spaces.
   */
  private static final long LEAST_HEAP_BYTES = 512L << 20;

  @Option(
      names = "--records",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "Records to produce (default: 10000000).")
  private long records = 10_000_000;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      description = "Partitions of the topic, where it is new (default: 100).")
  private int partitions = 100;

  @Option(
      names = "--rate",
      paramLabel = "R",
      converter = Converters.Count.class,
      description = "Records per second (default: as fast as possible).")
  private long rate;

  @Mixin private StackOptions stack;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the summary as JSON; docs/demo-report.md describes it.")
  private Path report;

  @Option(names = "--seed", paramLabel = "N", description = "Of the generator (default: 1).")
  private long seed = 1;

  @Option(names = "--keyed", description = "Key the records by user_id.")
  private boolean keyed;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "Heap of the ingest process, as -Xmx takes it (default: 1536m).")
  private String heap = "1536m";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Errors.requireOption(records >= 1, "--records", records, "1 or more");
    Errors.requireOption(
        partitions >= 1 && partitions <= MAX_PARTITIONS, "--partitions", partitions, "1 to 10000");
    Errors.requireOption(
        heap.matches("[0-9]{1,9}[kKmMgG]") && heapBytes() >= LEAST_HEAP_BYTES,
        "--heap",
        heap,
        "such as 1536m, 512m or more");
    DemoOptions options =
        new DemoOptions(stack.directory(), records, partitions, rate, seed, keyed, heap, report);
    if (report != null) {
      JsonFile.report(report).requireWritable();
    }
    PrintWriter out = spec.commandLine().getOut();
    return new Demo(options, new Phases(out, spec.commandLine().getErr())).run(out).code();
  }

  private long heapBytes() {
    long number = Long.parseLong(heap.substring(0, heap.length() - 1));
    return switch (heap.charAt(heap.length() - 1)) {
      case 'k', 'K' -> number << 10;
      case 'm', 'M' -> number << 20;
      default -> number << 30;
    };
  }
}
