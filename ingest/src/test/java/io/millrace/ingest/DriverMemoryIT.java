package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What plans and commits runs out of memory: it ends, says so, and nothing is lost or doubled. */
class DriverMemoryIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  /** More than any JVM gives, asked for where a thread of that name looks at the clock. */
  private static InstantSource exhaustedIn(String thread) {
    return () -> {
      if (Thread.currentThread().getName().startsWith(thread)) {
        assertThat(new long[Integer.MAX_VALUE]).isNotEmpty();
      }
      return Instant.now();
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"stream execution thread for ", "stream-"})
  void theStreamEndsAndGoesOnWithTheNextStart(String thread) {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 20, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();

      IngestResult.Stream ended =
          Runs.drain(Acceptance.NOTHING, exhaustedIn(thread + stream.name()), stream)
              .firstFailure()
              .orElseThrow();

      assertThat(ended.exitCode()).isEqualTo(ExitCode.INTERNAL.code());
      assertThat(ended.error()).contains("ran out of memory", "its largest heap is", "-Xmx");
      assertThat(ended.restarts()).isZero();
      assertThat(TableRows.countOrZero(stream.table())).isZero();
      assertThat(Runs.drain(stream).drained()).isTrue();
      assertThat(TableRows.read(stream.table())).hasSize(20);
    }
  }

  @Test
  void theOtherStreamsOfTheProcessEndWithIt() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 20, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      StreamConfig other = new Runs.Stream(topic.name, lake.resolve("other")).config();

      IngestResult result =
          Runs.runUntil(
              () -> false,
              stack.config(stream, other),
              exhaustedIn("stream execution thread for " + stream.name()));

      assertThat(result.streams())
          .filteredOn(s -> s.exitCode() != ExitCode.OK.code())
          .singleElement()
          .satisfies(failed -> assertThat(failed.stream()).isEqualTo(stream.name()));
    }
  }
}
