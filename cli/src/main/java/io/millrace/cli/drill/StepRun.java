package io.millrace.cli.drill;

import io.millrace.cli.drill.DrillPlan.Step;
import io.millrace.cli.drill.DrillPlan.Victim;
import io.millrace.core.error.MillraceException;
import io.millrace.core.fault.CrashPoint;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verdict;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Does one step of a plan to a system under load, and audits what came of it. */
final class StepRun {
  private final DrillSystem system;
  private final Auditor auditor;
  private final Step step;
  private final List<String> notes = new ArrayList<>();
  private Instant at = Instant.now();
  private CrashPoint held;
  private String phase = CrashPoint.Phase.START.text();
  private Optional<String> failure = Optional.empty();

  /** From when recovery is counted, milliseconds since the epoch. */
  private long since;

  /** What was taken when the system was whole again. */
  private long before;

  StepRun(DrillSystem system, Auditor auditor, Step step) {
    this.system = system;
    this.auditor = auditor;
    this.step = step;
  }

  DrillReport.Step run(int number) throws IOException, InterruptedException {
    long recovered = -1;
    try {
      recovered = breakAndRecover();
    } catch (MillraceException e) { // such as a process that ended and should not have
      failure = Optional.of(e.getMessage());
    }
    failure.ifPresent(notes::add);
    StreamReport audit = auditor.increment();
    if (audit.verdict() == Verdict.WRONG) {
      notes.add(audit.findings().get(0).toString());
    }
    return new DrillReport.Step(
        number,
        step.text(),
        step.victim() == null ? null : step.victim().text(),
        step.fault() == null ? null : step.fault().text(),
        at.toString(),
        phase,
        held == null ? null : held.name(),
        recovered,
        audit.lost(),
        audit.duplicated(),
        failure.orElse(null),
        notes.isEmpty() ? null : String.join("; ", notes));
  }

  /** How many milliseconds it took until new records were committed; -1 for never. */
  private long breakAndRecover() throws IOException, InterruptedException {
    awaitTheMoment();
    at = Instant.now();
    since = at.toEpochMilli();
    held = system.crashes().held().orElse(null);
    Optional<CrashPoint> reached = held == null ? system.crashes().last() : Optional.of(held);
    phase = reached.map(CrashPoint::phase).orElse(CrashPoint.Phase.START).text();
    Optional<Twin> twin = breakIt();
    long recovered =
        system.flow().awaitNew(before).map(millis -> Math.max(0, millis - since)).orElse(-1L);
    if (twin.isPresent()) {
      failure = twin.get().end();
    }
    return recovered;
  }

  private void awaitTheMoment() throws IOException, InterruptedException {
    if (step.at() == null) {
      if (step.victim() != null) {
        Thread.sleep(step.delayMillis());
      }
      return;
    }
    system.crashes().arm(step.at(), step.passes());
    if (step.at().phase() == CrashPoint.Phase.DDL || step.at() == CrashPoint.DDL_AFTER) {
      system.odd().widen();
    }
    boolean idle = step.at() == CrashPoint.IDLE;
    if (idle) {
      system.pauseLoad();
    }
    try {
      if (!system.flow().awaitHeld()) {
        notes.add("ingest did not come to that point, and was taken where it was");
      }
    } finally {
      if (idle) {
        system.resumeLoad();
      }
    }
  }

  private Optional<Twin> breakIt() throws IOException, InterruptedException {
    Optional<Twin> twin = Optional.empty();
    if (step.victim() != null) {
      kill(step.victim());
    } else {
      if (step.fault() == Fault.TWIN) {
        before = system.flow().taken();
        twin = Optional.of(Twin.start(system));
        return twin;
      }
      Outage outage = new Outage(system, step.fault(), step.delayMillis());
      outage.run();
      since = outage.end();
      failure = outage.failure();
      outage.note().ifPresent(notes::add);
    }
    before = system.flow().taken();
    return twin;
  }

  private void kill(Victim victim) throws IOException, InterruptedException {
    switch (victim) {
      case INGEST -> {
        system.killIngest();
        system.startIngest();
      }
      case PRODUCER -> {
        system.killProducer();
        system.startProducer();
      }
      case BROKER -> {
        system.killBroker();
        system.startBroker();
        since = System.currentTimeMillis();
      }
    }
  }
}
