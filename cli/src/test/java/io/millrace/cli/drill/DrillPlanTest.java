package io.millrace.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.drill.DrillPlan.Step;
import io.millrace.cli.drill.DrillPlan.Victim;
import io.millrace.core.fault.CrashPoint;
import io.millrace.core.fault.CrashPoint.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrillPlanTest {
  @Test
  void theSameSeedIsTheSamePlanAndAnotherIsAnother() {
    DrillPlan plan = plan(100, 7, List.of(Fault.STALL));

    assertThat(plan(100, 7, List.of(Fault.STALL))).isEqualTo(plan);
    assertThat(plan(100, 8, List.of(Fault.STALL))).isNotEqualTo(plan);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 50, 200})
  void theSharesHold(int kills) {
    DrillPlan plan = plan(kills, 1, List.of());

    assertThat(plan.steps()).hasSize(kills);
    List<Step> ingest = plan.steps().stream().filter(s -> s.victim() == Victim.INGEST).toList();
    assertThat(count(plan, Victim.BROKER)).isEqualTo(kills / 5);
    assertThat(count(plan, Victim.PRODUCER)).isEqualTo(kills / 5);
    assertThat(at(ingest, Phase.FILE_TO_COMMIT)).isGreaterThanOrEqualTo(ingest.size() / 5.0);
    assertThat(at(ingest, Phase.DELTA_TO_SPARK)).isGreaterThanOrEqualTo(ingest.size() / 10.0);
    assertThat(at(ingest, Phase.DEAD_LETTERS)).isPositive();
    assertThat(at(ingest, Phase.DDL)).isPositive();
    assertThat(ingest).anyMatch(step -> step.at() == null);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5})
  void aFewKillsAreAsManyAsWereAskedFor(int kills) {
    assertThat(plan(kills, 1, List.of()).steps()).hasSize(kills);
  }

  @Test
  void pointsThatAreAskedForComeFirstAndInTheirOrder() {
    DrillOptions options =
        new DrillOptions(
            Path.of("d"),
            3,
            List.of(Fault.AWAY),
            List.of(CrashPoint.DDL_AFTER, CrashPoint.LETTERS_BEFORE),
            Duration.ofMinutes(1),
            1,
            1,
            1,
            null,
            null);

    List<Step> steps = DrillPlan.of(options).steps();

    assertThat(steps).hasSize(2 + 3 + 1);
    assertThat(steps.get(0).at()).isEqualTo(CrashPoint.DDL_AFTER);
    assertThat(steps.get(1).at()).isEqualTo(CrashPoint.LETTERS_BEFORE);
    assertThat(steps).filteredOn(step -> step.fault() == Fault.AWAY).hasSize(1);
  }

  private static DrillPlan plan(int kills, long seed, List<Fault> faults) {
    return DrillPlan.of(
        new DrillOptions(
            Path.of("d"), kills, faults, List.of(), Duration.ofMinutes(1), seed, 1, 1, null, null));
  }

  private static long count(DrillPlan plan, Victim victim) {
    return plan.steps().stream().filter(step -> step.victim() == victim).count();
  }

  private static double at(List<Step> steps, Phase phase) {
    return steps.stream().filter(s -> s.at() != null && s.at().phase() == phase).count();
  }
}
