package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.MillraceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyBenchIT {
  @TempDir private Path directory;

  @Test
  void plantedDamageIsFoundAndTakenBackAndTheTableIsUsedAgain() throws Exception {
    VerifyBench.Options options = new VerifyBench.Options(20_000, 4, directory.resolve("bench"));
    List<String> lines = new ArrayList<>();

    VerifyBenchReport first = new VerifyBench(options, true, lines::add).run();
    VerifyBenchReport second = new VerifyBench(options, true, lines::add).run();

    assertThat(first.rows()).isEqualTo(20_000);
    assertThat(first.findings()).hasSize(3).anyMatch(f -> f.contains("more than one row"));
    assertThat(second.findings()).isEqualTo(first.findings());
    assertThat(lines).hasSize(4);
    assertThat(lines.get(3)).isEqualTo(lines.get(2));
    assertThatThrownBy(
            () ->
                new VerifyBench(
                        new VerifyBench.Options(30_000, 4, options.directory()), true, lines::add)
                    .run())
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("an earlier run left 20,000 records in 4 partitions");
  }
}
