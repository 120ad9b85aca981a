package io.millrace.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.DataFile;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowingTableTest {
  private static final String TRANSACTION = "millrace:events:dead-letters";
  private static final CommitRetries NO_WAIT = new CommitRetries(millis -> {}, new Random(1));

  @TempDir Path directory;

  private final Configuration hadoop = LakeConfiguration.of(Map.of());
  private String path;

  /** Ten offsets in two files of the first commit, ten in one of the second. */
  private Ledger first;

  private Ledger second;

  @BeforeEach
  void writeFiles() throws IOException {
    path = "file:" + directory.resolve("following");
    Ledger start = TestFiles.start("events");
    first = start.advance(List.of(dead(0, 10)), "a", List.of(file(0, 5), file(5, 10)));
    second = first.advance(List.of(dead(10, 20)), "b", List.of(file(10, 20)));
  }

  private DataFile file(long from, long to) throws IOException {
    return TestFiles.write(hadoop, path, TestFiles.rows(0, from, to));
  }

  private static Taken dead(long from, long to) {
    return new Taken(0, from, to, 0, 0, to - from, 0);
  }

  @Test
  void theSameFilesAreCommittedOnce() throws IOException {
    try (FollowingTable table = create()) {
      assertThat(table.sequence()).isZero();
      table.commit(first.pending());
      assertThat(table.sequence()).isEqualTo(1);
      table.commit(first.pending());
      table.commit(List.of());
      table.commit(second.pending());
      assertThat(table.sequence()).isEqualTo(2);
    }
    try (FollowingTable again = open(hadoop)) {
      assertThat(again.sequence()).isEqualTo(2);
      again.commit(second.pending());
    }
    assertThat(commit(2)).exists();
    assertThat(commit(3)).doesNotExist();
    assertEachOnce(20);
  }

  @Test
  void aWriterThatWasLeftBehindAddsNothing() throws IOException {
    create().close();
    try (FollowingTable stale = open(hadoop);
        FollowingTable current = open(hadoop)) {
      current.commit(second.pending());
      stale.commit(first.pending());
      assertThat(stale.sequence()).isEqualTo(2);
    }
    assertThat(commit(2)).doesNotExist();
    assertEachOnce(20);
  }

  @Test
  void aWriterThatWasLeftBehindAddsOnlyWhatIsMissing() throws IOException {
    create().close();
    try (FollowingTable stale = open(hadoop);
        FollowingTable current = open(hadoop)) {
      current.commit(first.pending());
      stale.commit(second.pending());
    }
    assertThat(Files.readString(commit(2)).lines().filter(l -> l.startsWith("{\"add\"")))
        .hasSize(1);
    assertEachOnce(20);
  }

  @Test
  void lostAnswersAddNothingTwice() throws IOException {
    create().close();
    try (FollowingTable table = open(faulty())) {
      FaultyLogStore.failAfter.set(1);
      table.commit(first.pending());
      FaultyLogStore.failBefore.set(2);
      table.commit(second.pending());
    }
    assertEachOnce(20);
  }

  @Test
  void afterStorageThatStayedAwayTheSameIsCommittedAgain() throws IOException {
    create().close();
    try (FollowingTable table = open(faulty())) {
      FaultyLogStore.failBefore.set(Integer.MAX_VALUE);
      assertThatThrownBy(() -> table.commit(first.pending()))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE));
      FaultyLogStore.failBefore.set(0);
      table.commit(second.pending());
    } finally {
      FaultyLogStore.failBefore.set(0);
    }
    assertEachOnce(20);
  }

  @Test
  void manyAtOnceMakeOneTableAndCommitOnce() throws Exception {
    int writers = 6;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        Ledger ledger = i % 2 == 0 ? first : second;
        tasks.add(
            () -> {
              try (FollowingTable table = create()) {
                table.commit(ledger.pending());
              }
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEachOnce(20);
  }

  @Test
  void othersMayCommitMeanwhile() throws IOException {
    try (FollowingTable table = create()) {
      new ForeignWriter(path, hadoop).append(TestFiles.rows(1, 20, 25));
      new ForeignWriter(path, hadoop).setProperty("owner", "somebody");
      table.commit(second.pending());
    }
    assertEachOnce(25);
  }

  @Test
  void aTableThatCannotTakeTheFilesIsRefused() throws IOException {
    try (FollowingTable table = create()) {
      new ForeignWriter(path, hadoop).changeMetadata("kafka_offset", "kafka_place");
      assertThatThrownBy(() -> table.commit(first.pending()))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
          .hasMessageContaining("column kafka_offset is gone");
    }
  }

  @Test
  void onlyExpectedFilesMayLieThereBefore() {
    assertThatThrownBy(
            () ->
                FollowingTable.create(
                    path, hadoop, TRANSACTION, TestFiles.LAYOUT, Map.of(), name -> false))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("holds other files");
  }

  @Test
  void aFileThatGoesOnIsAppendedOnce() throws IOException {
    DataFile one = file(0, 10);
    DataFile two = file(10, 20);
    DataFile other = file(10, 20);
    create().close();
    try (FollowingTable table = open(faulty());
        FollowingTable behind = open(hadoop)) {
      FaultyLogStore.failAfter.set(1);
      assertThat(table.append(one, 7)).isTrue();
      assertThat(behind.append(other, 7)).isFalse();
      assertThat(behind.sequence()).isEqualTo(7);
      FaultyLogStore.failBefore.set(2);
      assertThat(table.append(two, 8)).isTrue();
      assertThat(behind.append(other, 9)).isFalse();
      assertThat(behind.sequence()).isEqualTo(8);
    }
    assertEachOnce(20);
  }

  private FollowingTable create() {
    return FollowingTable.create(
        path, hadoop, TRANSACTION, TestFiles.LAYOUT, Map.of(), name -> name.endsWith(".parquet"));
  }

  private FollowingTable open(Configuration by) {
    return FollowingTable.open(path, by, TRANSACTION, TestFiles.LAYOUT, NO_WAIT).orElseThrow();
  }

  private static Configuration faulty() {
    return LakeConfiguration.of(
        Map.of("io.delta.kernel.logStore.file.impl", FaultyLogStore.class.getName()));
  }

  private Path commit(long version) {
    return directory.resolve("following/_delta_log/%020d.json".formatted(version));
  }

  private void assertEachOnce(long offsets) throws IOException {
    assertThat(TableRows.longs(path, hadoop, "kafka_offset"))
        .containsExactlyElementsOf(LongStream.range(0, offsets).boxed().toList());
  }
}
