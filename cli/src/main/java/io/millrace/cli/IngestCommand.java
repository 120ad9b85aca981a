package io.millrace.cli;

import io.millrace.core.config.ConfigOverride;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.fault.CrashPoints;
import io.millrace.core.json.JsonFile;
import io.millrace.core.process.Signals;
import io.millrace.core.process.StopSignal;
import io.millrace.ingest.Acceptance;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestOptions;
import io.millrace.ingest.IngestResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace ingest}. */
@Command(name = "ingest", description = "Bring topics into Delta tables.")
final class IngestCommand implements Callable<Integer> {
  /** What the option means without a number. */
  private static final String ANY_GENERATION = "9223372036854775807";

  @Mixin private ConfigOptions config;

  @Option(
      names = "--once",
      description = "Take what is in the topics now, then end (default: until stopped).")
  private boolean once;

  @Option(
      names = "--resume",
      description = "Let streams run again that were stopped by their breaker.")
  private boolean resume;

  @Option(
      names = "--accept-loss",
      arity = "0..1",
      paramLabel = "N",
      converter = Converters.Count.class,
      fallbackValue = "9223372036854775807",
      description =
          "Go on without offsets that Kafka had removed before they were ingested, at most N of a"
              + " stream, and note them in the ledger.")
  private Long acceptedLosses;

  @Option(
      names = "--accept-clock",
      description = "Go on where this machine's clock is behind that of the table's last writer.")
  private boolean acceptClock;

  @Option(
      names = "--accept-new-generation",
      arity = "0..1",
      paramLabel = "N",
      converter = Converters.Count.class,
      fallbackValue = ANY_GENERATION,
      description =
          "Go on where the topic or its log is not the one that the table was filled from, as another"
              + " generation of it; with N only if it becomes generation N.")
  private Long acceptedGeneration;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "Run this stream only. May be repeated (default: all).")
  private Set<String> streams = new LinkedHashSet<>();

  @Option(
      names = "--first-batch-records",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "Most records of the first batch: a small one commits early (default: 500000).")
  private long firstBatchRecords = IngestOptions.DEFAULT_FIRST_BATCH_RECORDS;

  @Option(names = "--report", paramLabel = "FILE", description = "Write what was done as JSON.")
  private Path report;

  @Option(
      names = "--starting-offsets",
      paramLabel = "WHERE",
      description = "For every stream: earliest, latest or a time.")
  private String startingOffsets;

  @Option(
      names = "--trigger-interval",
      paramLabel = "TIME",
      description = "For every stream, such as 500ms.")
  private String triggerInterval;

  @Option(names = "--max-records-per-trigger", paramLabel = "N", description = "For every stream.")
  private String maxRecordsPerTrigger;

  @Option(
      names = "--max-bytes-per-trigger",
      paramLabel = "SIZE",
      description = "For every stream, such as 1GiB.")
  private String maxBytesPerTrigger;

  @Option(
      names = "--target-file-bytes",
      paramLabel = "SIZE",
      description = "For every stream, such as 128MiB.")
  private String targetFileBytes;

  @ParentCommand private MillraceCommand millrace;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (firstBatchRecords < 1) {
      throw Errors.usage("The option --first-batch-records can't be used", "needed: 1 or more");
    }
    Errors.requireOption(
        acceptedLosses == null || acceptedLosses > 0, "--accept-loss", acceptedLosses, "1 or more");
    Errors.requireOption(
        acceptedGeneration == null
            || ANY_GENERATION.equals(acceptedGeneration.toString())
            || (acceptedGeneration > 1 && acceptedGeneration <= Integer.MAX_VALUE),
        "--accept-new-generation",
        acceptedGeneration,
        "2 or more");
    if (report != null) {
      JsonFile.report(report).requireWritable();
    }
    StopSignal stop = Signals.stopOnTermination();
    IngestResult result =
        Ingest.run(
            config.load(overrides()).config(),
            new IngestOptions(
                once,
                resume,
                streams,
                firstBatchRecords,
                new Acceptance(
                    acceptedLosses == null ? OptionalLong.empty() : OptionalLong.of(acceptedLosses),
                    acceptClock,
                    generation()),
                Optional.ofNullable(report)),
            stop,
            failure ->
                ErrorPrinter.print(spec.commandLine().getErr(), failure, failure, millrace.verbose),
            CrashPoints.clock());
    print(result);
    if (once && !result.drained() && result.firstFailure().isEmpty()) {
      throw new MillraceException(
          ExitCode.INTERRUPTED,
          "The ingest has not drained its topics",
          "it was stopped before",
          "What it took is committed; start it again to go on");
    }
    return result.firstFailure().map(IngestResult.Stream::exitCode).orElse(ExitCode.OK.code());
  }

  private List<ConfigOverride> overrides() {
    List<ConfigOverride> overrides = new ArrayList<>();
    add(overrides, "--starting-offsets", "startingOffsets", startingOffsets);
    add(overrides, "--trigger-interval", "triggerInterval", triggerInterval);
    add(overrides, "--max-records-per-trigger", "maxRecordsPerTrigger", maxRecordsPerTrigger);
    add(overrides, "--max-bytes-per-trigger", "maxBytesPerTrigger", maxBytesPerTrigger);
    add(overrides, "--target-file-bytes", "targetFileBytes", targetFileBytes);
    return overrides;
  }

  private static void add(List<ConfigOverride> all, String option, String key, String value) {
    if (value != null) {
      all.add(new ConfigOverride(option, "streams.*." + key, value));
    }
  }

  private int generation() {
    if (acceptedGeneration == null) {
      return Acceptance.NO_GENERATION;
    }
    return ANY_GENERATION.equals(acceptedGeneration.toString())
        ? Acceptance.ANY_GENERATION
        : Math.toIntExact(acceptedGeneration);
  }

  private void print(IngestResult result) {
    PrintWriter out = spec.commandLine().getOut();
    for (IngestResult.Stream stream : result.streams()) {
      out.printf(
          "%s: %s in %s, %s, %s%s%s%s -> %s%n",
          stream.stream(),
          count(stream.records(), "record"),
          stream.batches() == 1 ? "1 batch" : "%,d batches".formatted(stream.batches()),
          count(stream.files(), "file"),
          count(stream.fileBytes(), "byte"),
          stream.nulls() == 0 ? "" : ", " + count(stream.nulls(), "null value") + " skipped",
          stream.deadLetters() == 0 ? "" : ", " + count(stream.deadLetters(), "dead letter"),
          stream.filtered() == 0 ? "" : ", " + count(stream.filtered(), "record") + " filtered",
          stream.table());
    }
    out.flush();
  }

  private static String count(long n, String what) {
    return "%,d %s%s".formatted(n, what, n == 1 ? "" : "s");
  }
}
