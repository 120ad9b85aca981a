package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.state.StreamState;
import io.millrace.lake.state.StreamStateFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not reachable. */
class IngestRestartIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void goesOnAfterTheBrokerWasAway() {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 100, 2);
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .kafka(Map.of("default.api.timeout.ms", "2000", "request.timeout.ms", "1000"))
              .config();
      int[] step = {0};

      IngestResult result =
          Runs.runUntil(
              () -> {
                if (step[0] == 0 && TableRows.countOrZero(stream.table()) == 100) {
                  stack.stack().killBroker();
                  step[0] = 1;
                } else if (step[0] == 1 && failures(stream) > 1) {
                  assertThat(state(stream).cause()).contains("Topic " + topic.name);
                  stack.stack().startBroker();
                  topic.sendReadings(100, 150, 2);
                  step[0] = 2;
                }
                return step[0] == 2 && TableRows.countOrZero(stream.table()) == 150;
              },
              stream);

      assertThat(result.firstFailure()).isEmpty();
      assertThat(result.streams().get(0).restarts()).isGreaterThan(1);
      assertThat(TableRows.read(stream.table())).hasSize(150);
      assertThat(state(stream).doing()).isEqualTo(StreamState.Doing.STOPPED);
      assertThat(state(stream).exitCode()).isZero();
    }
  }

  /** As its process says them; 0 while it runs well. */
  private static int failures(StreamConfig stream) {
    StreamState state = state(stream);
    return state.doing() == StreamState.Doing.FAILING ? state.failures() : 0;
  }

  private static StreamState state(StreamConfig stream) {
    return StreamStateFile.read(Map.of(), stream.table(), stream.name()).orElseThrow();
  }

  @Test
  void aWriterThatBacksOffDoesNotTakeBackWhatANewerOneTook() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given a stream that waits for its broker
      topic.sendReadings(0, 10, 1);
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t"))
              .kafka(Map.of("default.api.timeout.ms", "2000", "request.timeout.ms", "1000"))
              .config();
      int[] step = {0};

      // When a newer writer begins meanwhile
      IngestResult result =
          Runs.runUntil(
              () -> {
                if (step[0] == 0 && TableRows.countOrZero(stream.table()) == 10) {
                  stack.stack().killBroker();
                  takeOver(stream);
                  stack.stack().startBroker();
                  topic.sendReadings(10, 20, 1);
                  step[0] = 1;
                }
                return false;
              },
              stream);

      // Then
      IngestResult.Stream failure = result.firstFailure().orElseThrow();
      assertThat(failure.exitCode()).isEqualTo(ExitCode.PROTECTED.code());
      assertThat(failure.error()).contains("another took it over with epoch 2");
      assertThat(TableRows.read(stream.table())).hasSize(10);
    }
  }

  private static void takeOver(StreamConfig stream) {
    try (DeltaTable table =
        DeltaTable.open(stream.table(), LakeConfiguration.of(Map.of())).orElseThrow()) {
      Ledger ledger = table.ledger(stream.name()).orElseThrow();
      table.commit(List.of(), ledger.takenOver("another", "attempt-of-another"));
    }
  }

  @Test
  void aBrokerThatIsNotThereEndsTheStreamWithThatCause() {
    StreamConfig stream = new Runs.Stream("any", lake.resolve("t")).config();
    MillraceConfig config =
        new MillraceConfig(
            Map.of(
                "bootstrap.servers", "127.0.0.1:1",
                "default.api.timeout.ms", "1500",
                "request.timeout.ms", "1000"),
            stack.registryConfig(),
            Map.of("spark.master", "local[2,4]"),
            Map.of(),
            Map.of(stream.name(), stream));

    IngestResult result = Runs.drain(config);

    IngestResult.Stream failure = result.firstFailure().orElseThrow();
    assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREACHABLE.code());
    assertThat(failure.error()).contains("127.0.0.1:1");
  }
}
