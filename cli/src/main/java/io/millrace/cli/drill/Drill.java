package io.millrace.cli.drill;

import io.millrace.cli.TopicPositions;
import io.millrace.cli.drill.DrillPlan.Step;
import io.millrace.cli.drill.DrillPlan.Victim;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.fault.CrashPoint;
import io.millrace.core.json.JsonFile;
import io.millrace.core.manifest.Manifest;
import io.millrace.lake.verify.Finding;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs a plan against a system under load. */
final class Drill {
  /**
   * Plain starts before the first step, and then one before each so many: their median is what
   * recoveries are held against, and a machine is not as fast all the time.
   */
  private static final int FIRST_PLAIN_STARTS = 3;

  private static final int STEPS_BETWEEN_PLAIN_STARTS = 8;

  private final DrillOptions options;
  private final DrillPlan plan;
  private final PrintWriter out;
  private final long end;
  private final List<DrillReport.Step> done = new ArrayList<>();
  private final List<Long> plainStarts = new ArrayList<>();
  private final Map<String, List<Long>> recoveries = new LinkedHashMap<>();
  private boolean flows = true;

  Drill(DrillOptions options, PrintWriter out) {
    this.options = options;
    this.plan = DrillPlan.of(options);
    this.out = out;
    this.end = System.nanoTime() + options.limit().toNanos();
  }

  ExitCode run() throws IOException, InterruptedException {
    tell("seed %d, %d steps:", options.seed(), plan.steps().size());
    for (int i = 0; i < plan.steps().size(); i++) {
      tell("  %3d %s", i + 1, plan.steps().get(i).text());
    }
    DrillReport report;
    try (DrillSystem system = DrillSystem.start(options)) {
      Auditor auditor = new Auditor(system.config());
      begin(system);
      for (Step step : plan.steps()) {
        if (!flows || System.nanoTime() > end) {
          tell("no further step: %s", flows ? "the time is up" : "the flow did not go on");
          break;
        }
        if (done.size() % STEPS_BETWEEN_PLAIN_STARTS == STEPS_BETWEEN_PLAIN_STARTS - 1) {
          system.stopIngest();
          plainStart(system);
        }
        done.add(step(system, auditor, step));
      }
      report = report(audit(system, auditor));
    }
    tell("%s", DrillMarkdown.verdict(report));
    if (options.report() != null) {
      JsonFile.report(options.report()).write(report);
    }
    if (options.markdown() != null) {
      Files.writeString(options.markdown(), DrillMarkdown.of(report));
    }
    return report.ok() ? ExitCode.OK : ExitCode.ANSWER_IS_NO;
  }

  /** Under load as later, but without anything broken yet. The last ingest is left running. */
  private void begin(DrillSystem system) throws IOException, InterruptedException {
    system.startProducer();
    system.odd().start();
    plainStart(system);
    while (plainStarts.size() < FIRST_PLAIN_STARTS) {
      system.stopIngest();
      plainStart(system);
    }
    tell("a plain start takes %s to its first commit", seconds(median(plainStarts)));
  }

  /** From where no ingest runs. */
  private void plainStart(DrillSystem system) throws IOException, InterruptedException {
    long before = system.flow().taken();
    long start = System.currentTimeMillis();
    system.startIngest();
    long first =
        system.flow().awaitNew(before).orElseThrow(() -> noFlow("ingest's start", "committed"));
    plainStarts.add(first - start);
  }

  private static MillraceException noFlow(String after, String what) {
    return new MillraceException(
        ExitCode.UNREACHABLE,
        "The drill can't go on after " + after,
        "nothing was " + what + " for minutes",
        "Look into logs/ of its directory");
  }

  private DrillReport.Step step(DrillSystem system, Auditor auditor, Step step)
      throws IOException, InterruptedException {
    DrillReport.Step result = new StepRun(system, auditor, step).run(done.size() + 1);
    flows = result.recoveredMillis() >= 0;
    if (flows) {
      String name = result.fault() == null ? result.victim() : result.fault();
      recoveries.computeIfAbsent(name, n -> new ArrayList<>()).add(result.recoveredMillis());
    }
    tell(
        "%3d %s: in %s, flow on after %s, %d lost, %d duplicated%s",
        result.number(),
        result.planned(),
        result.phase(),
        seconds(result.recoveredMillis()),
        result.lost(),
        result.duplicated(),
        result.note() == null ? "" : ", " + result.note());
    return result;
  }

  private DrillReport.Audit audit(DrillSystem system, Auditor auditor)
      throws IOException, InterruptedException {
    tell("ending the load; then all of it is verified");
    system.stopProducer();
    system.odd().stop();
    Map<String, String> kafka = system.config().kafkaFor(system.stream());
    long offsets =
        new TopicPositions(system.stream().topic(), kafka)
            .ends().values().stream().mapToLong(Long::longValue).sum();
    flows &= takesAll(system, offsets);
    List<Manifest> accounts = system.accounts();
    StreamReport all = auditor.all(accounts);
    PromisedRecords promised = new PromisedRecords(accounts);
    DrillReport.Independent independent =
        IndependentCount.of(
            system.table(), kafka, system.stream().topic(), system.odd().broken(), promised);
    return new DrillReport.Audit(
        all.verdict().name(),
        all.rows(),
        all.deadLetters(),
        all.lost(),
        all.duplicated(),
        promised.acknowledged(),
        promised.missing(),
        independent,
        all.findings().stream().map(Finding::toString).toList());
  }

  /** Also where the drill has ended because ingest did. */
  private boolean takesAll(DrillSystem system, long offsets)
      throws IOException, InterruptedException {
    try {
      if (system.ingestHasEnded()) {
        system.startIngest();
      }
      boolean all = system.flow().awaitAll(offsets);
      system.stopIngest();
      return all;
    } catch (MillraceException e) {
      tell("%s", e.getMessage());
      return false;
    }
  }

  private DrillReport report(DrillReport.Audit audit) {
    boolean ok =
        flows
            && audit.verdict().equals(Verdict.PROVEN.name())
            && audit.lost() == 0
            && audit.duplicated() == 0
            && audit.acknowledgedMissing() == 0
            && audit.independent().agrees()
            && done.stream().allMatch(DrillReport.Step::ok);
    Map<String, Long> kills = new LinkedHashMap<>();
    for (Victim victim : Victim.values()) {
      kills.put(victim.text(), done.stream().filter(s -> victim.text().equals(s.victim())).count());
    }
    Map<String, Long> phases = new LinkedHashMap<>();
    for (CrashPoint.Phase phase : CrashPoint.Phase.values()) {
      phases.put(
          phase.text(),
          done.stream()
              .filter(s -> Victim.INGEST.text().equals(s.victim()))
              .filter(s -> phase.text().equals(s.phase()))
              .count());
    }
    return new DrillReport(
        DrillReport.FORMAT,
        ok,
        options.seed(),
        kills,
        phases,
        List.copyOf(done),
        new DrillReport.Recovery(
            median(plainStarts),
            medianOf(Victim.INGEST.text()),
            medianOf(Victim.BROKER.text()),
            medianOf(Fault.STALL.text()),
            medianOf(Victim.PRODUCER.text()),
            medianOfFaults(),
            recoveries.values().stream()
                .flatMap(List::stream)
                .mapToLong(Long::longValue)
                .max()
                .orElse(-1)),
        audit);
  }

  private long medianOf(String name) {
    return median(recoveries.getOrDefault(name, List.of()));
  }

  private Map<String, Long> medianOfFaults() {
    Map<String, Long> medians = new LinkedHashMap<>();
    for (Fault fault : options.faults()) {
      medians.put(fault.text(), medianOf(fault.text()));
    }
    return medians;
  }

  private static long median(List<Long> values) {
    if (values.isEmpty()) {
      return -1;
    }
    List<Long> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  private static String seconds(long millis) {
    return millis < 0 ? "never" : String.format(Locale.ROOT, "%.1f s", millis / 1e3);
  }

  private void tell(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
