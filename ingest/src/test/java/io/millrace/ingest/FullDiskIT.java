package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import io.millrace.lake.state.StreamStateFile;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of its own that fills up. Needs the right to mount one. */
class FullDiskIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path directory;
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString()),
        "this user may not mount a file system");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", disk.toString());
  }

  @Test
  void theStreamGoesOnWhenThereIsRoomAgainAndNothingIsCorrupt() {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given a table on a disk that is filled to its last page
      topic.sendReadings(0, 100, 2);
      StreamConfig stream = new Runs.Stream(topic.name, disk.resolve("t")).config();
      Path filler = disk.resolve("filler");
      int[] step = {0};
      long[] version = {0};

      IngestResult result =
          Runs.runUntil(
              () -> {
                long rows = TableRows.countOrZero(stream.table());
                if (step[0] == 0 && rows == 100) {
                  fill(filler);
                  topic.sendReadings(100, 200, 2);
                  version[0] = commits(stream);
                  step[0] = 1;
                } else if (step[0] == 1 && hasFailed(stream)) {
                  // When the stream has met that, with the table as it was
                  assertThat(rows).isEqualTo(100);
                  assertThat(commits(stream)).isEqualTo(version[0]);
                  delete(filler);
                  step[0] = 2;
                }
                return rows == 200;
              },
              stream);

      // Then
      assertThat(result.firstFailure()).isEmpty();
      StreamReport report =
          Verifier.verify(
                  stack.config(stream), VerifyOptions.defaults(), (name, phase, done, total) -> {})
              .streams()
              .get(0);
      assertThat(report.findings()).isEmpty();
      assertThat(report.rows()).isEqualTo(200);
    }
  }

  /** The note of it may not have found room, either. */
  private static boolean hasFailed(StreamConfig stream) {
    return StreamStateFile.read(Map.of(), stream.table(), stream.name())
        .map(state -> state.cause() != null && state.cause().contains("No space left on device"))
        .orElse(true);
  }

  private static long commits(StreamConfig stream) {
    try (Stream<Path> log = Files.list(Path.of(stream.table(), "_delta_log"))) {
      return log.filter(file -> file.toString().endsWith(".json")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes all room there is. */
  private static void fill(Path filler) {
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }

  private static void delete(Path filler) {
    try {
      Files.delete(filler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }
}
