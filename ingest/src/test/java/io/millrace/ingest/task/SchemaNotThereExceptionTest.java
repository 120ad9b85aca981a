package io.millrace.ingest.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SchemaNotThereExceptionTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration YOUNG = MINUTE.minusMillis(1);

  private static boolean isFinal(Duration unknownFor, Duration age) {
    return new SchemaNotThereException(
            new MillraceException(ExitCode.USAGE, "no schema", "said so", ""), unknownFor, MINUTE)
        .isFinal(age);
  }

  @Test
  void anOutageSaysNothing() {
    assertThat(isFinal(null, Duration.ofDays(1))).isFalse();
  }

  @Test
  void aYoungRecordWaitsAsLongAsWasAskedFor() {
    assertThat(isFinal(YOUNG, YOUNG)).isFalse();
    assertThat(isFinal(MINUTE, Duration.ZERO)).isTrue();
  }

  @Test
  void anOldOneWaitsASecond() {
    assertThat(isFinal(Duration.ofMillis(999), MINUTE)).isFalse();
    assertThat(isFinal(Duration.ofSeconds(1), MINUTE)).isTrue();
  }
}
