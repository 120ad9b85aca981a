package io.millrace.bench;

import io.millrace.cli.ChildCommand;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.json.JsonFile;
import io.millrace.lake.verify.Finding;
import io.millrace.lake.verify.OffsetRange;
import io.millrace.lake.verify.VerifyReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How long verify takes to read partition and offset of every row and record, and whether it finds
 * one missing and one doubled row among them. The table is made once: a directory that has one of
 * an earlier run is used again.
 */
final class VerifyBench {
  private static final String HEAP = "1536m";
  private static final Duration TICK = Duration.ofMillis(50);

  private final Options options;
  private final Path directory;
  private final Path table;
  private final boolean keep;
  private final Consumer<String> out;

  /**
   * @param directory empty, or left by an earlier run with as many records and partitions
   */
  record Options(long records, int partitions, Path directory) {
    Options {
      if (records < 1_000 || partitions < 1) {
        throw new MillraceException(
            ExitCode.USAGE,
            "The bench can't be run",
            "records is %d, partitions %d".formatted(records, partitions),
            "At least 1000 records and one partition are needed");
      }
    }
  }

  /** What lies in a directory that was filled. */
  record Content(long records, int partitions) {}

  /**
   * @param keep whether topic and table stay for another run
   */
  VerifyBench(Options options, boolean keep, Consumer<String> out) {
    this.options = options;
    this.keep = keep;
    this.out = out;
    directory =
        Files.exists(content(options.directory()).path())
            ? options.directory().toAbsolutePath().normalize()
            : BenchDirectory.createEmpty(options.directory());
    table = directory.resolve("table");
  }

  private static JsonFile content(Path directory) {
    return new JsonFile("bench's note", directory.resolve("content.json"));
  }

  VerifyBenchReport run() throws InterruptedException {
    requireSameContent();
    try (BenchTopic topic = new BenchTopic(directory)) {
      Path config = topic.writeConfig("verify", table, Map.of());
      if (!Files.exists(content(directory).path())) {
        fill(topic, config);
      }
      return verify(topic, config);
    } finally {
      if (!keep) {
        BenchDirectory.delete(directory.resolve("stack"));
        BenchDirectory.delete(table);
      }
    }
  }

  private void requireSameContent() {
    if (!Files.exists(content(directory).path())) {
      return;
    }
    Content there = content(directory).read(Content.class);
    if (!there.equals(new Content(options.records(), options.partitions()))) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The bench can't use " + directory,
          "an earlier run left %,d records in %d partitions there"
              .formatted(there.records(), there.partitions()),
          "Ask for as many, or give another directory with --dir");
    }
  }

  private void fill(BenchTopic topic, Path config) throws InterruptedException {
    topic.fill(options.records(), options.partitions());
    out.accept(
        "%,d user events are in a topic with %,d partitions"
            .formatted(options.records(), options.partitions()));
    Path log = directory.resolve("ingest.log");
    try (ChildCommand ingest =
        ChildCommand.start("ingest", HEAP, log, List.of("ingest", "--once", "-c", "" + config))) {
      ingest.await();
      ingest.requireSuccess();
    }
    content(directory).write(new Content(options.records(), options.partitions()));
    out.accept("they are in the table");
  }

  private VerifyBenchReport verify(BenchTopic topic, Path config) throws InterruptedException {
    try (PlantedDamage damage = PlantedDamage.plant(table)) {
      out.accept(
          "planted: offset %d of partition %d is missing, offset %d of partition %d is there twice"
              .formatted(
                  damage.missing().offset(),
                  damage.missing().partition(),
                  damage.doubled().offset(),
                  damage.doubled().partition()));
      Path report = directory.resolve("verify.json");
      long brokerBefore = cpuMillis(topic.brokerPid());
      long start = System.nanoTime();
      long cpu = 0;
      try (ChildCommand verify =
          ChildCommand.start(
              "verify",
              HEAP,
              directory.resolve("verify.log"),
              List.of("verify", "-c", "" + config, "--report", "" + report))) {
        while (!verify.await(TICK)) {
          cpu = Math.max(cpu, cpuMillis(verify.pid()));
        }
        if (verify.exitCode() != ExitCode.ANSWER_IS_NO.code()) {
          throw verify.exitCode() == ExitCode.OK.code()
              ? notFound("verify found nothing wrong")
              : verify.failure();
        }
      }
      long millis = (System.nanoTime() - start) / 1_000_000;
      long brokerCpu = cpuMillis(topic.brokerPid()) - brokerBefore;
      VerifyReport found = JsonFile.report(report).read(VerifyReport.class);
      requireFound(found, damage);
      return new VerifyBenchReport(
          VerifyBenchReport.FORMAT,
          options.records(),
          options.partitions(),
          found.rows(),
          millis,
          cpu,
          brokerCpu,
          found.streams().get(0).findings().stream().map(Finding::toString).toList());
    }
  }

  private static long cpuMillis(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(Duration::toMillis)
        .orElse(0L);
  }

  /** Exactly what was planted, and nothing else. */
  private void requireFound(VerifyReport report, PlantedDamage damage) {
    boolean missing = names(report, Finding.Kind.MISSING_ROWS, damage.missing());
    boolean doubled = names(report, Finding.Kind.DUPLICATE_ROWS, damage.doubled());
    if (report.rows() != options.records()
        || report.lost() != 1
        || report.duplicated() != 1
        || !missing
        || !doubled) {
      throw notFound(
          "it says %,d rows, %d lost, %d duplicated: %s"
              .formatted(
                  report.rows(),
                  report.lost(),
                  report.duplicated(),
                  report.streams().get(0).findings()));
    }
  }

  private MillraceException notFound(String reason) {
    return new MillraceException(
        ExitCode.ANSWER_IS_NO,
        "Verify did not find what was planted",
        reason,
        "Its output is below " + directory);
  }

  private static boolean names(
      VerifyReport report, Finding.Kind kind, PlantedDamage.Position position) {
    List<Finding> found =
        report.streams().get(0).findings().stream().filter(f -> f.kind() == kind).toList();
    return found.size() == 1
        && found.get(0).partition() == position.partition()
        && found
            .get(0)
            .offsets()
            .equals(List.of(new OffsetRange(position.offset(), position.offset())));
  }
}
