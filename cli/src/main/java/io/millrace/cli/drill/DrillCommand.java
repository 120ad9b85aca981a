package io.millrace.cli.drill;

import io.millrace.cli.Converters;
import io.millrace.cli.Errors;
import io.millrace.core.fault.CrashPoint;
import io.millrace.core.json.JsonFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace drill}. */
@Command(
    name = "drill",
    description = {
      "Run broker, registry, ingest and producer over a scratch directory, kill and stall them",
      "under load, and show that every record is in the table exactly once."
    })
public final class DrillCommand implements Callable<Integer> {
  private static final int MOST_KILLS = 10_000;
  private static final int MOST_PARTITIONS = 1_000;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Scratch directory, empty or not there (default: ./drill).")
  private Path directory = Path.of("drill");

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "How many times a process is killed (default: 20).")
  private int kills = 20;

  @Option(
      names = "--faults",
      split = ",",
      paramLabel = "NAME",
      description = {
        "Further faults: stall, away (of the broker), twin (a second ingest), slow, reset,",
        "registry (of the network), full, readonly, slowdisk, unknown (of the storage), clock;",
        "docs/drill.md describes them."
      })
  private List<String> faults = new ArrayList<>();

  @Option(
      names = "--at",
      split = ",",
      paramLabel = "POINT",
      description = "Kill ingest at this crash point, besides and first; docs/drill.md lists them.")
  private List<String> points = new ArrayList<>();

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "No further step after so many minutes (default: 120).")
  private int minutes = 120;

  @Option(names = "--seed", paramLabel = "S", description = "Same seed, same plan (default: 1).")
  private long seed = 1;

  @Option(
      names = "--rate",
      paramLabel = "R",
      converter = Converters.Count.class,
      description = "Records per second (default: 20000).")
  private long rate = 20_000;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      description = "Partitions of the topic (default: 8).")
  private int partitions = 8;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the report as JSON.")
  private Path report;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write it for people.")
  private Path markdown;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Errors.requireOption(kills >= 0 && kills <= MOST_KILLS, "--kills", kills, "0 to 10000");
    Errors.requireOption(minutes >= 1, "--minutes", minutes, "1 or more");
    Errors.requireOption(rate >= 1, "--rate", rate, "1 or more");
    Errors.requireOption(
        partitions >= 1 && partitions <= MOST_PARTITIONS, "--partitions", partitions, "1 to 1000");
    if (report != null) {
      JsonFile.report(report).requireWritable();
    }
    if (markdown != null) {
      JsonFile.report(markdown).requireWritable();
    }
    DrillOptions options =
        new DrillOptions(
            directory.toAbsolutePath().normalize(),
            kills,
            each("--faults", faults, Fault.values()),
            each("--at", points, CrashPoint.values()),
            Duration.ofMinutes(minutes),
            seed,
            rate,
            partitions,
            report,
            markdown);
    return new Drill(options, spec.commandLine().getOut()).run().code();
  }

  private static <E extends Enum<E>> List<E> each(String option, List<String> names, E[] known) {
    List<E> found = new ArrayList<>();
    for (String name : names) {
      found.add(
          Arrays.stream(known)
              .filter(e -> e.name().equalsIgnoreCase(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      Errors.usage(
                          "The option " + option + " " + name + " can't be used",
                          "needed: "
                              + Arrays.stream(known)
                                  .map(e -> e.name().toLowerCase(Locale.ROOT))
                                  .collect(Collectors.joining(", ")))));
    }
    return found;
  }
}
