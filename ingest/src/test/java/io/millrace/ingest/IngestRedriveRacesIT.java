package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import io.millrace.ingest.redrive.Redrive;
import io.millrace.ingest.redrive.Steps;
import io.millrace.lake.deadletter.DeadLetterFilter;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redrives that are killed, two at once, and one beside a running ingest. */
class IngestRedriveRacesIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void killedAfterAnyStepEachRecordIsARowOnce() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      LateRecords late = new LateRecords(stack, topic);
      late.send(100, 140);
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      late.register();

      for (String step : List.of("FILES_WRITTEN", "COLUMNS_ADDED")) {
        assertThat(child(topic, stream, step).waitFor()).isEqualTo(9);
        late.prove(stream, 20, 40, 0, 0);
      }
      assertThat(child(topic, stream, "COMMITTED").waitFor()).isEqualTo(9);
      late.prove(stream, 60, 40, 40, 0);
      assertThat(late.redrive(stream).redriven()).isZero();
      topic.sendReadings(200, 210, 2);
      Runs.drain(stream);
      late.prove(stream, 70, 40, 40, 0);
    }
  }

  @Test
  void theSlowerOfTwoBeginsAnew() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      LateRecords late = new LateRecords(stack, topic);
      late.send(100, 120);
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      late.register();
      long files = dataFiles();

      // When one commits just before another, which has the same dead letters and more
      Redrive.Result result;
      try (Steps other =
          new Steps("COLUMNS_ADDED", () -> late.redrive(stream, LateRecords.ofPartition(1)))) {
        result = late.redrive(stream);
      }

      // Then each took what the other did not, and what the slower one wrote at first is gone
      assertThat(result.redriven()).isEqualTo(10);
      late.prove(stream, 40, 20, 20, 0);
      assertThat(dataFiles()).isEqualTo(files + 2);

      // When a discard comes in between, it is kept
      topic.send(0, null, new byte[] {9});
      topic.awaitAcknowledged();
      Runs.drain(stream);
      try (Steps other =
          new Steps("FILES_WRITTEN", () -> late.discard(stream, DeadLetterFilter.ALL, false))) {
        late.redrive(stream);
      }
      assertThat(late.discard(stream, DeadLetterFilter.ALL, false)).isEqualTo(1);
      late.prove(stream, 40, 21, 20, 1);
    }
  }

  @Test
  void severalAtOnceTakeEachDeadLetterOnce() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      LateRecords late = new LateRecords(stack, topic);
      late.send(100, 400);
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      late.register();

      CyclicBarrier together = new CyclicBarrier(4);
      List<CompletableFuture<Long>> redrives =
          Stream.generate(
                  () ->
                      CompletableFuture.supplyAsync(
                          () -> {
                            awaitAll(together);
                            return late.redrive(stream).redriven();
                          },
                          task -> new Thread(task).start()))
              .limit(4)
              .toList();

      assertThat(redrives.stream().mapToLong(CompletableFuture::join).sum()).isEqualTo(300);
      late.prove(stream, 320, 300, 300, 0);
    }
  }

  @Test
  void ingestGoesOnMeanwhile() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      LateRecords late = new LateRecords(stack, topic);
      late.send(100, 140);
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, lake.resolve("t")).mostRecords(200).config();
      Runs.drain(stream);
      late.register();
      late.prove(stream, 20, 40, 0, 0);

      // When dead letters are redriven in two steps while batch after batch is committed
      AtomicBoolean redriven = new AtomicBoolean();
      CompletableFuture<Void> meanwhile =
          CompletableFuture.runAsync(
              () -> {
                Runs.await(() -> TableRows.read(stream.table()).size() >= 400);
                for (int p = 0; p < 2; p++) {
                  late.redrive(stream, LateRecords.ofPartition(p));
                  long rows = TableRows.read(stream.table()).size();
                  Runs.await(() -> TableRows.read(stream.table()).size() > rows);
                }
                redriven.set(true);
              });
      long[] id = {1_000};
      IngestResult result =
          Runs.runUntil(
              () -> {
                topic.sendReadings(id[0], id[0] + 100, 2);
                id[0] += 100;
                return redriven.get() || meanwhile.isCompletedExceptionally();
              },
              stream);
      meanwhile.join();

      // Then
      assertThat(result.firstFailure()).isEmpty();
      assertThat(result.streams().get(0).restarts()).isZero();
      Runs.drain(stream);
      late.prove(stream, 20 + 40 + id[0] - 1_000, 40, 40, 0);
    }
  }

  @Test
  void anIngestThatCommitsInBetweenLosesNothing() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 20, 2);
      LateRecords late = new LateRecords(stack, topic);
      late.send(100, 110);
      topic.awaitAcknowledged();
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      Runs.drain(stream);
      late.register();

      // When rows and dead letters of others come between a redrive's work and its commit
      topic.sendReadings(20, 30, 2);
      topic.send(0, null, new byte[] {9});
      topic.awaitAcknowledged();
      try (Steps ingest = new Steps("COLUMNS_ADDED", () -> Runs.drain(stream))) {
        assertThat(late.redrive(stream).redriven()).isEqualTo(10);
      }

      late.prove(stream, 40, 11, 10, 0);
    }
  }

  private static void awaitAll(CyclicBarrier together) {
    try {
      together.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private long dataFiles() throws IOException {
    try (Stream<Path> files = Files.list(lake.resolve("t"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }

  private Process child(TestTopic topic, StreamConfig stream, String step) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(a -> a.startsWith("--add-opens") || a.startsWith("-Djdk"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            ChildRedrive.class.getName(),
            stack.stack().bootstrapServers(),
            stack.stack().registryUrl(),
            topic.name,
            stream.table(),
            stream.name(),
            step));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File("target", "child-redrive-" + stream.name() + ".log"))
        .start();
  }
}
