package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import io.millrace.ingest.driver.CheckpointedRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever Spark's checkpoint says, the table says where the stream goes on. */
class StaleCheckpointIT {
  private static final int BATCH = 4;

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void yesterdays() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given the checkpoint of a first run, once as it was, once as left by a kill in a batch
      StreamConfig stream = stream(topic, "t");
      topic.sendReadings(0, 10, 1);
      Path checkpoint = lake.resolve("checkpoint");
      drain(stream, checkpoint, 3);
      Path old = copy(checkpoint, "old");
      Path killed = copy(checkpoint, "killed");
      assertThat(lastCommit(killed).delete()).isTrue();
      topic.sendReadings(10, 20, 1);
      drain(stream, checkpoint, 3);
      requireRows(stream, 20);

      // When
      topic.sendReadings(20, 30, 1);
      drain(stream, old, 3);
      requireRows(stream, 30);
      topic.sendReadings(30, 40, 1);
      drain(stream, killed, 3);

      // Then
      requireRows(stream, 40);
    }
  }

  @Test
  void anotherStreams() throws Exception {
    try (TestTopic longer = new TestTopic(stack, 1);
        TestTopic shorter = new TestTopic(stack, 1)) {
      longer.sendReadings(0, 30, 1);
      shorter.sendReadings(0, 10, 1);
      Path checkpoint = lake.resolve("checkpoint");
      drain(stream(longer, "longer"), checkpoint, 8);

      StreamConfig stream = stream(shorter, "shorter");
      drain(stream, checkpoint, 3);

      requireRows(stream, 10);
    }
  }

  @Test
  void none() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      StreamConfig stream = stream(topic, "t");
      Path checkpoint = lake.resolve("checkpoint");
      topic.sendReadings(0, 10, 1);
      drain(stream, checkpoint, 3);
      assertThat(FileUtil.fullyDelete(checkpoint.toFile())).isTrue();
      topic.sendReadings(10, 20, 1);

      drain(stream, checkpoint, 3);

      requireRows(stream, 20);
    }
  }

  private StreamConfig stream(TestTopic topic, String table) {
    return new Runs.Stream(topic.name, lake.resolve(table)).mostRecords(BATCH).config();
  }

  private void drain(StreamConfig stream, Path checkpoint, int batches) throws Exception {
    assertThat(CheckpointedRun.drain(stack.config(stream), stream, checkpoint)).isEqualTo(batches);
  }

  private Path copy(Path checkpoint, String name) throws IOException {
    Path to = lake.resolve(name);
    try (Stream<Path> files = Files.walk(checkpoint)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(checkpoint.relativize(file).toString()));
      }
    }
    return to;
  }

  /** Spark's note that its last batch is done. */
  private static File lastCommit(Path checkpoint) throws IOException {
    try (Stream<Path> files = Files.list(checkpoint.resolve("commits"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\d+"))
          .max((a, b) -> Integer.compare(number(a), number(b)))
          .orElseThrow()
          .toFile();
    }
  }

  private static int number(Path file) {
    return Integer.parseInt(file.getFileName().toString());
  }

  private static void requireRows(StreamConfig stream, int count) {
    List<Map<String, Object>> rows = TableRows.read(stream.table());
    assertThat(rows).hasSize(count);
    assertThat(rows.stream().map(row -> row.get("id")).distinct()).hasSize(count);
  }
}
