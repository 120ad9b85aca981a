package io.millrace.ingest.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.model.World.Faults;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commit protocol in all interleavings of two writers, three batches and what may happen
 * meanwhile: see docs/architecture.md.
 */
class ProtocolModelTest {
  private static final Logger log = LoggerFactory.getLogger(ProtocolModelTest.class);

  /** Which faults come together; each may come at any moment. */
  private static final List<Faults> SCENARIOS =
      List.of(
          Faults.NO.crashes(2),
          Faults.NO.crashes(1).timeOuts(1),
          Faults.NO.failures(2),
          Faults.NO.timeOuts(1).failures(1),
          Faults.NO.crashes(1).holds(1),
          Faults.NO.crashes(1).registrations(1),
          Faults.NO.timeOuts(1).optimizes(1),
          Faults.NO.timeOuts(1).restores(1),
          Faults.NO.crashes(1).anews(1));

  /** Millions of worlds: CONTRIBUTING.md has the command. */
  private static final List<Faults> LONG_SCENARIOS = List.of(Faults.NO.crashes(1).restores(1));

  @Test
  void holds() {
    List<Faults> scenarios = new ArrayList<>(SCENARIOS);
    if (Boolean.getBoolean("millrace.longModel")) {
      scenarios.addAll(LONG_SCENARIOS);
    }
    for (Faults faults : scenarios) {
      long start = System.nanoTime();
      Explorer.Result result = Explorer.explore(Mutant.NONE, faults);
      log.atInfo()
          .addKeyValue("worlds", result.worlds())
          .addKeyValue("ms", (System.nanoTime() - start) / 1_000_000)
          .log(faults.toString());
      assertThat(result.failure()).as(faults.toString()).isEmpty();
      assertThat(result.worlds()).as(faults.toString()).isGreaterThan(1000);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void eachMutantIsFound(Mutant mutant) {
    String trace = Explorer.explore(mutant, mutant.faults()).failure().orElse("");

    assertThat(trace).isNotEmpty();
    log.atInfo().addKeyValue("mutant", mutant).log(trace);
  }
}
