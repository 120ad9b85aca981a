package io.millrace.bench;

import io.millrace.cli.ChildCommand;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.json.JsonFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/**
 * Our Spark source beside Spark's own with from_avro: the same query over the same topic, each side
 * in a process of its own, and what they find compared.
 */
final class SourceBench {
  /** A number and a text, as a query that counts by page would need them. */
  private static final List<String> TWO = List.of("user_id", "page");

  private final Options options;
  private final Path directory;
  private final Consumer<String> out;

  /**
   * @param passes of each side that are measured
   * @param heap largest heap of each process, as {@code -Xmx} takes it
   */
  record Options(long records, int partitions, int passes, String heap, Path directory) {
    Options {
      if (records < 1 || partitions < 1 || passes < 1) {
        throw new MillraceException(
            ExitCode.USAGE,
            "The bench can't be run",
            "records is %d, partitions %d, passes %d".formatted(records, partitions, passes),
            "At least 1 of each is needed");
      }
    }
  }

  /**
   * @param out hears a line for each step
   */
  SourceBench(Options options, Consumer<String> out) {
    this.options = options;
    this.directory = BenchDirectory.createEmpty(options.directory());
    this.out = out;
  }

  SourceBenchReport run() throws InterruptedException {
    try (BenchTopic topic = new BenchTopic(directory)) {
      topic.fill(options.records(), options.partitions());
      out.accept(
          "%,d user events are in a topic with %,d partitions"
              .formatted(options.records(), options.partitions()));
      List<SourceBenchReport.Comparison> comparisons = new ArrayList<>();
      for (List<String> columns : List.of(allFields(), TWO)) {
        comparisons.add(compare(topic, columns));
      }
      return new SourceBenchReport(
          SourceBenchReport.FORMAT,
          options.records(),
          options.partitions(),
          options.passes(),
          comparisons);
    } finally {
      BenchDirectory.delete(directory.resolve("stack"));
    }
  }

  private static List<String> allFields() {
    return BenchTopic.schema().getFields().stream().map(Schema.Field::name).toList();
  }

  private SourceBenchReport.Comparison compare(BenchTopic topic, List<String> columns)
      throws InterruptedException {
    SourceSide.Result ours = side(topic, SourceSide.Reader.OURS, columns);
    SourceSide.Result stock = side(topic, SourceSide.Reader.STOCK, columns);
    requireSame(ours, stock);
    return SourceBenchReport.Comparison.of(columns, ours, stock);
  }

  private SourceSide.Result side(BenchTopic topic, SourceSide.Reader reader, List<String> columns)
      throws InterruptedException {
    String name = reader + "-" + columns.size();
    Path report = directory.resolve(name + ".json");
    try (ChildCommand child =
        ChildCommand.start(
            "side " + name,
            options.heap(),
            directory.resolve(name + ".log"),
            List.of(
                "bench",
                "source-side",
                "--reader",
                reader.name(),
                "--bootstrap-servers",
                topic.bootstrapServers(),
                "--registry",
                topic.registryUrl(),
                "--topic",
                BenchTopic.TOPIC,
                "--schema",
                topic.writeSchema().toString(),
                "--columns",
                String.join(",", columns),
                "--passes",
                String.valueOf(options.passes()),
                "--report",
                report.toString()))) {
      child.await();
      child.requireSuccess();
    }
    SourceSide.Result result = JsonFile.report(report).read(SourceSide.Result.class);
    SourceBenchReport.Side figures = SourceBenchReport.Side.of(result);
    out.accept(
        "%-5s %d columns: %,.2f us CPU a record, %,.0f records/s"
            .formatted(
                reader,
                columns.size(),
                figures.cpuMicros().median(),
                figures.recordsPerSecond().median()));
    return result;
  }

  private void requireSame(SourceSide.Result ours, SourceSide.Result stock) {
    long hash = ours.passes().get(0).hash();
    boolean same =
        Stream.concat(ours.passes().stream(), stock.passes().stream())
            .allMatch(pass -> pass.hash() == hash && pass.records() == options.records());
    if (!same) {
      throw new MillraceException(
          ExitCode.ANSWER_IS_NO,
          "The two sources read different things",
          "ours has %s, stock has %s, the topic %,d records"
              .formatted(ours, stock, options.records()),
          "The logs are in " + directory);
    }
  }
}
