package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it measures is not judged here: that depends on the machine. */
class HostileBenchTest {
  @TempDir private Path directory;

  @Test
  void theSameSeedGivesTheSamePayloads() throws Exception {
    HostileBenchReport first = run(5, "first");
    HostileBenchReport again = run(5, "again");

    assertThat(first.payloads()).isEqualTo(3_000);
    assertThat(first.rows()).isBetween(600L, 2_400L).isEqualTo(again.rows());
    assertThat(first.refused()).isEqualTo(again.refused()).isEqualTo(3_000 - first.rows());
    assertThat(first.large().payloads()).isEqualTo(again.large().payloads()).isPositive();
    assertThat(run(6, "other").rows()).isNotEqualTo(first.rows());
  }

  @Test
  void whatIsAboveTheBoundsIsNamed() {
    HostileBenchReport.Finding finding =
        new HostileBenchReport.Finding("ingest", "\"string\"", 7, 1_000, 1_234.5, 2_000);

    assertThat(finding)
        .hasToString(
            "ingest, payload 7 of 1,000 bytes: 1,235 us, 2,000 bytes allocated; schema \"string\"");
    assertThat(HostileBench.isAbove(1_000_000, 4_000 + 4_096, 1_000)).isFalse();
    assertThat(HostileBench.isAbove(1_000_001, 0, 1_000)).isTrue();
    assertThat(HostileBench.isAbove(0, 4_001 + 4_096, 1_000)).isTrue();
    assertThat(HostileBench.isAbove(2_000_000, 0, (32 << 10) + 1)).isFalse();
  }

  private HostileBenchReport run(long seed, String name) throws Exception {
    return new HostileBench(new HostileBench.Options(3_000, seed, directory.resolve(name))).run();
  }
}
