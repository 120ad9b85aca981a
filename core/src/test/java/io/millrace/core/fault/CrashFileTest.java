package io.millrace.core.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CrashFileTest {
  @TempDir Path directory;

  @Test
  void theArmedPointHoldsOnceAfterItsPasses() throws IOException {
    CrashFile drill = CrashFile.open(directory.resolve("f"));
    CrashFile process = CrashFile.open(directory.resolve("f"));
    assertThat(process.reached(CrashPoint.PLANNED)).isFalse();

    drill.arm(CrashPoint.FETCHED, 2);

    assertThat(process.reached(CrashPoint.PLANNED)).isFalse();
    assertThat(process.reached(CrashPoint.FETCHED)).isFalse();
    assertThat(process.reached(CrashPoint.FETCHED)).isFalse();
    assertThat(drill.held()).isEmpty();
    assertThat(process.reached(CrashPoint.FETCHED)).isTrue();
    assertThat(process.reached(CrashPoint.FETCHED)).as("another thread").isFalse();
    assertThat(process.reached(CrashPoint.IDLE)).isFalse();
    assertThat(drill.held()).hasValue(CrashPoint.FETCHED);
    assertThat(drill.last()).hasValue(CrashPoint.IDLE);
  }

  @Test
  void aClockIsAsWrongAsTheOtherProcessSetIt() throws IOException {
    CrashFile drill = CrashFile.open(directory.resolve("f"));
    CrashFile process = CrashFile.open(directory.resolve("f"));
    assertThat(process.clockAhead()).isZero();

    drill.setClock(Duration.ofHours(-1));

    assertThat(process.clockAhead()).isEqualTo(Duration.ofHours(-1));
    assertThat(process.held()).as("nothing else changes").isEmpty();
    assertThat(process.last()).isEmpty();
  }

  @Test
  @Timeout(60)
  void aThreadOfAProcessStaysAtTheArmedPoint() throws Exception {
    CrashFile drill = CrashFile.open(directory.resolve("f"));
    Process process = walkerThatHolds(drill);
    try {
      assertThat(process.waitFor(Duration.ofMillis(200).toMillis(), TimeUnit.MILLISECONDS))
          .isFalse();
      assertThat(drill.last()).hasValue(CrashPoint.COMMIT_BEFORE);
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(drill.held()).as("after SIGKILL").hasValue(CrashPoint.COMMIT_BEFORE);
  }

  @Test
  @Timeout(60)
  void aThreadThatIsReleasedGoesOn() throws Exception {
    CrashFile drill = CrashFile.open(directory.resolve("f"));
    Process process = walkerThatHolds(drill);
    try {
      drill.release();
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(drill.held()).isEmpty();
  }

  /** Passes the point by once before. */
  private Process walkerThatHolds(CrashFile drill) throws IOException {
    drill.arm(CrashPoint.COMMIT_BEFORE, 1);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + CrashPoints.PROPERTY + "=" + directory.resolve("f"),
                "-cp",
                System.getProperty("java.class.path"),
                Walker.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile())
            .start();
    while (drill.held().isEmpty()) {
      assertThat(process.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    return process;
  }

  @Test
  void withoutThePropertyNothingHappens() {
    for (CrashPoint point : CrashPoint.values()) {
      CrashPoints.reach(point);
    }
  }

  /** Comes by a point twice. */
  public static final class Walker {
    private Walker() {}

    public static void main(String[] args) {
      CrashPoints.reach(CrashPoint.COMMIT_BEFORE);
      CrashPoints.reach(CrashPoint.COMMIT_AFTER);
      CrashPoints.reach(CrashPoint.COMMIT_BEFORE);
    }
  }
}
