package io.millrace.ingest.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  @Test
  void findsOurErrorInsideWhatSparkWrapsAroundIt() {
    MillraceException ours =
        new MillraceException(ExitCode.PROTECTED, "problem", "reason", "remedy");

    assertThat(Failures.of("s", new IllegalStateException("spark", new RuntimeException(ours))))
        .isSameAs(ours);
  }

  @Test
  void tellsAnUnknownOneByItsCauseInOneLine() {
    MillraceException told =
        Failures.of("s", new RuntimeException("outer", new IllegalStateException("inner\nmore")));

    assertThat(told.getMessage()).contains("Stream s", "IllegalStateException: inner");
    assertThat(told.getMessage().lines()).hasSize(1);
    assertThat(told.exitCode()).isEqualTo(ExitCode.INTERNAL);
  }
}
