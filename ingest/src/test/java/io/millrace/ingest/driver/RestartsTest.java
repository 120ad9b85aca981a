package io.millrace.ingest.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RestartsTest {
  private long nanos;
  private final StreamConfig stream = StreamConfig.of("s", "t", "/table");
  private final Restarts restarts = new Restarts(stream, () -> nanos);

  @Test
  void waitsLongerEachTime() {
    Stream<Duration> waits =
        Stream.generate(() -> restarts.after(failure(ExitCode.UNREACHABLE)).orElseThrow());

    assertThat(waits.limit(7).map(Duration::toSeconds))
        .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    assertThat(restarts.total()).isEqualTo(7);
  }

  @Test
  void whatIsAwayIsWaitedForByTimeHoweverOften() {
    for (int i = 0; i < 1000; i++) {
      assertThat(restarts.after(failure(ExitCode.UNREACHABLE))).isPresent();
    }
    nanos += stream.restartFor().toNanos() - 1;
    assertThat(restarts.after(failure(ExitCode.UNREACHABLE))).isPresent();

    nanos++;

    assertThat(restarts.after(failure(ExitCode.UNREACHABLE))).isEmpty();
  }

  @Test
  void whatFailsForNoKnownCauseIsTriedSoManyTimes() {
    for (int i = 0; i < stream.maxRestarts(); i++) {
      assertThat(restarts.after(failure(ExitCode.INTERNAL))).isPresent();
      assertThat(restarts.after(failure(ExitCode.UNREACHABLE))).isPresent();
    }
    assertThat(restarts.after(failure(ExitCode.INTERNAL))).isEmpty();
  }

  @Test
  void aCommittedBatchBeginsTheCountAnew() {
    restarts.after(failure(ExitCode.UNREACHABLE));
    for (int i = 0; i < stream.maxRestarts(); i++) {
      restarts.after(failure(ExitCode.INTERNAL));
    }
    nanos += stream.restartFor().toNanos();

    restarts.progressed();

    assertThat(restarts.after(failure(ExitCode.UNREACHABLE))).hasValue(Duration.ofSeconds(1));
    assertThat(restarts.after(failure(ExitCode.INTERNAL))).hasValue(Duration.ofSeconds(2));
  }

  @Test
  void whatNoRestartCuresEndsTheStream() {
    for (ExitCode code :
        new ExitCode[] {ExitCode.USAGE, ExitCode.PROTECTED, ExitCode.INTERRUPTED}) {
      assertThat(restarts.after(failure(code))).isEmpty();
    }
    assertThat(restarts.total()).isZero();
  }

  private static MillraceException failure(ExitCode code) {
    return new MillraceException(code, "problem", "reason", "remedy");
  }
}
