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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Runs a plan against a system under load. */
final class Drill {
  /** Its median is what recoveries are held against. */
  private static final int PLAIN_STARTS = 3;

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
      plainStarts(system);
      for (Step step : plan.steps()) {
        if (!flows || System.nanoTime() > end) {
          tell("no further step: %s", flows ? "the time is up" : "the flow did not go on");
          break;
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

  /** Under load as later, but without anything broken. The last one is left running. */
  private void plainStarts(DrillSystem system) throws IOException, InterruptedException {
    system.startProducer();
    system.odd().start();
    for (int i = 0; i < PLAIN_STARTS; i++) {
      if (i > 0) {
        system.stopIngest();
      }
      long before = system.taken();
      long start = System.currentTimeMillis();
      system.startIngest();
      long first =
          system.awaitFlow(before).orElseThrow(() -> noFlow("ingest's start", "committed"));
      plainStarts.add(first - start);
    }
    tell("a plain start takes %s to its first commit", seconds(median(plainStarts)));
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
    String note = null;
    String phase = null;
    CrashPoint held = null;
    Instant at;
    long since;
    long before;
    if (step.at() != null) {
      system.crashes().arm(step.at(), step.passes());
      if (step.at().phase() == CrashPoint.Phase.DDL || step.at() == CrashPoint.DDL_AFTER) {
        system.odd().widen();
      }
      if (!system.awaitHeld()) {
        note = "ingest did not come to that point, and was killed where it was";
      }
    } else if (step.fault() == null) {
      Thread.sleep(step.delayMillis());
    }
    at = Instant.now();
    if (step.victim() == Victim.INGEST) {
      held = system.crashes().held().orElse(null);
      system.killIngest();
      Optional<CrashPoint> reached = held == null ? system.crashes().last() : Optional.of(held);
      phase = reached.map(CrashPoint::phase).orElse(CrashPoint.Phase.START).text();
      since = at.toEpochMilli();
      before = system.taken();
      system.startIngest();
    } else {
      phase =
          system.crashes().last().map(CrashPoint::phase).map(CrashPoint.Phase::text).orElse(null);
      since = breakOther(system, step, at);
      before = system.taken();
    }
    Optional<Long> flow = system.awaitFlow(before);
    flows = flow.isPresent();
    long recovered = flow.map(millis -> Math.max(0, millis - since)).orElse(-1L);
    StreamReport audit = auditor.increment();
    String name = step.fault() == null ? step.victim().text() : step.fault().text();
    if (flows) {
      recoveries.computeIfAbsent(name, n -> new ArrayList<>()).add(recovered);
    }
    DrillReport.Step result =
        new DrillReport.Step(
            done.size() + 1,
            step.text(),
            step.victim() == null ? null : step.victim().text(),
            step.fault() == null ? null : step.fault().text(),
            at.toString(),
            phase,
            held == null ? null : held.name(),
            recovered,
            audit.lost(),
            audit.duplicated(),
            note(note, audit));
    tell(
        "%3d %s: in %s, flow on after %s, %d lost, %d duplicated%s",
        result.number(),
        result.planned(),
        phase,
        seconds(recovered),
        result.lost(),
        result.duplicated(),
        result.note() == null ? "" : ", " + result.note());
    return result;
  }

  /** A kill of another than ingest, or a fault; returns from when recovery is counted. */
  private long breakOther(DrillSystem system, Step step, Instant at)
      throws IOException, InterruptedException {
    if (step.victim() == Victim.PRODUCER) {
      system.killProducer();
      system.startProducer();
      return at.toEpochMilli();
    }
    if (step.fault() == Fault.STALL) {
      system.stallBroker();
      Thread.sleep(step.delayMillis());
      system.continueBroker();
      return System.currentTimeMillis();
    }
    system.killBroker();
    if (step.fault() == Fault.AWAY) {
      Thread.sleep(step.delayMillis());
    }
    system.startBroker();
    return System.currentTimeMillis();
  }

  private static String note(String note, StreamReport audit) {
    if (audit.verdict() != Verdict.WRONG) {
      return note;
    }
    String first = audit.findings().get(0).toString();
    return note == null ? first : note + "; " + first;
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
    if (!system.awaitAll(offsets)) {
      flows = false;
    }
    system.stopIngest();
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

  private DrillReport report(DrillReport.Audit audit) {
    boolean ok =
        flows
            && audit.verdict().equals(Verdict.PROVEN.name())
            && audit.lost() == 0
            && audit.duplicated() == 0
            && audit.acknowledgedMissing() == 0
            && audit.independent().agrees()
            && done.stream().allMatch(step -> step.lost() == 0 && step.duplicated() == 0);
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
