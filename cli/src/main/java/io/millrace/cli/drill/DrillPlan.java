package io.millrace.cli.drill;

import io.millrace.core.fault.CrashPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What a drill does, step by step. The same options give the same plan. No I/O. */
record DrillPlan(List<Step> steps) {
  /** Of 100 kills, those of the broker and those of the producer; all others are ingest's. */
  private static final int BROKER_PERCENT = 20;

  private static final int PRODUCER_PERCENT = 20;

  /** Of 100 kills of ingest, those at given points; all others come at random moments. */
  private static final int FILE_TO_COMMIT_PERCENT = 35;

  private static final int DELTA_TO_SPARK_PERCENT = 20;
  private static final int DEAD_LETTERS_PERCENT = 10;
  private static final int DDL_PERCENT = 5;

  private static final List<CrashPoint> FILE_TO_COMMIT =
      List.of(CrashPoint.FILE_WRITTEN, CrashPoint.COMMIT_BEFORE);
  private static final List<CrashPoint> DELTA_TO_SPARK =
      List.of(CrashPoint.COMMIT_LOGGED, CrashPoint.COMMIT_AFTER, CrashPoint.BATCH_DONE);
  private static final List<CrashPoint> DEAD_LETTERS =
      List.of(CrashPoint.LETTERS_BEFORE, CrashPoint.LETTERS_AFTER);
  private static final List<CrashPoint> DDL = List.of(CrashPoint.DDL_BEFORE, CrashPoint.DDL_AFTER);

  /** Where an ingest still has to commit what it has read. */
  private static final List<CrashPoint> TWIN_AT =
      List.of(
          CrashPoint.PLANNED,
          CrashPoint.FETCHED,
          CrashPoint.FILE_WRITTEN,
          CrashPoint.COMMIT_BEFORE);

  /** A kill at a random moment comes so long after the flow is on, at most. */
  private static final int MOST_DELAY_MILLIS = 3_000;

  private static final int MOST_PASSES = 3;

  /** A process that is killed. */
  enum Victim {
    INGEST,
    BROKER,
    PRODUCER;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One thing that is done to the system once its flow is on.
   *
   * @param victim who is killed; null where it is no kill
   * @param at the point at which ingest is killed, or holds while another one begins; null for a
   *     random moment
   * @param passes how often ingest passes that point by before
   * @param delayMillis how long after the flow is on a kill at a random moment comes; for faults
   *     that last, how long
   * @param fault what is done where it is no kill; else null
   */
  record Step(Victim victim, CrashPoint at, int passes, long delayMillis, Fault fault) {
    String text() {
      if (fault == Fault.TWIN) {
        return "%s while the first is at %s, after %d passes".formatted(fault.text(), at, passes);
      }
      if (fault != null) {
        return "%s for %.1f s".formatted(fault.text(), delayMillis / 1e3);
      }
      return at == null
          ? "kill %s after %.1f s".formatted(victim.text(), delayMillis / 1e3)
          : "kill %s at %s, after %d passes".formatted(victim.text(), at, passes);
    }
  }

  static DrillPlan of(DrillOptions options) {
    Random random = new Random(options.seed());
    List<Step> steps = new ArrayList<>();
    int brokers = options.kills() * BROKER_PERCENT / 100;
    int producers = options.kills() * PRODUCER_PERCENT / 100;
    ingest(steps, options.kills() - brokers - producers, random);
    for (int i = 0; i < brokers; i++) {
      steps.add(randomKill(Victim.BROKER, random));
    }
    for (int i = 0; i < producers; i++) {
      steps.add(randomKill(Victim.PRODUCER, random));
    }
    for (Fault fault : options.faults()) {
      for (int i = 0; i < Math.max(1, (options.kills() + 9) / 10); i++) {
        steps.add(fault(fault, random));
      }
    }
    Collections.shuffle(steps, random);
    List<Step> all = new ArrayList<>();
    options.points().forEach(point -> all.add(kill(point, random)));
    all.addAll(steps);
    return new DrillPlan(List.copyOf(all));
  }

  private static Step fault(Fault fault, Random random) {
    if (fault == Fault.TWIN) {
      CrashPoint at = TWIN_AT.get(random.nextInt(TWIN_AT.size()));
      return new Step(null, at, random.nextInt(MOST_PASSES + 1), 0, fault);
    }
    return new Step(null, null, 0, 4_000 + random.nextInt(8_000), fault);
  }

  private static void ingest(List<Step> steps, int kills, Random random) {
    int before = steps.size();
    at(steps, FILE_TO_COMMIT, share(kills, FILE_TO_COMMIT_PERCENT), random);
    at(steps, DELTA_TO_SPARK, share(kills, DELTA_TO_SPARK_PERCENT), random);
    at(steps, DEAD_LETTERS, share(kills, DEAD_LETTERS_PERCENT), random);
    at(steps, DDL, share(kills, DDL_PERCENT), random);
    while (steps.size() - before > kills) {
      steps.remove(steps.size() - 1);
    }
    while (steps.size() - before < kills) {
      steps.add(randomKill(Victim.INGEST, random));
    }
  }

  /** At least one of each kind, where there are kills enough. */
  private static int share(int kills, int percent) {
    return (kills * percent + 99) / 100;
  }

  private static void at(List<Step> steps, List<CrashPoint> points, int kills, Random random) {
    for (int i = 0; i < kills; i++) {
      steps.add(kill(points.get(i % points.size()), random));
    }
  }

  private static Step kill(CrashPoint point, Random random) {
    // The drill brings about one change of the schema at a time.
    int passes = DDL.contains(point) ? 0 : random.nextInt(MOST_PASSES + 1);
    return new Step(Victim.INGEST, point, passes, 0, null);
  }

  private static Step randomKill(Victim victim, Random random) {
    return new Step(victim, null, 0, random.nextInt(MOST_DELAY_MILLIS), null);
  }
}
