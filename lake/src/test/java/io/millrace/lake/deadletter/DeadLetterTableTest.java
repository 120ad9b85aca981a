package io.millrace.lake.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.column.TableLayout;
import io.millrace.core.config.Compression;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.DataFile;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLetterTableTest {
  private static final String STREAM = "events";
  private static final TableLayout LAYOUT = DeadLetterColumns.LAYOUT;

  @TempDir Path directory;

  private final Configuration hadoop = LakeConfiguration.of(Map.of());
  private Path mainPath;
  private Path deadPath;
  private DeltaTable main;

  @BeforeEach
  void createMain() {
    mainPath = directory.resolve("a table");
    deadPath = directory.resolve("a table_dead_letters");
    main = DeltaTable.create(mainPath.toString(), hadoop, LAYOUT, Optional.empty(), Map.of());
  }

  @AfterEach
  void close() {
    main.close();
  }

  @Test
  void theTableIsMadeWithTheFirstDeadLetters() throws IOException {
    try (DeadLetterTable dead = DeadLetterTable.of(main, STREAM, hadoop)) {
      Ledger ledger =
          Ledger.initial(STREAM, "orders", "id", "cluster", "o").advance(List.of(), "a");
      main.commit(List.of(), ledger);
      assertThat(dead.rollForward(ledger)).isSameAs(ledger);
      assertThat(deadPath).doesNotExist();

      ledger = ledger.advance(List.of(taken(0, 2)), "b", List.of(file(0, 2)));
      main.commit(List.of(), ledger);
      Ledger settled = dead.rollForward(ledger);

      assertThat(settled.pending()).isEmpty();
      assertThat(settled).isEqualTo(ledger.settled(2));
      assertThat(dead.rollForward(ledger)).isEqualTo(settled);
      assertThat(files(1)).hasSize(1);
      assertThat(deadPath.resolve("_delta_log/%020d.json".formatted(2))).doesNotExist();
      assertThat(ledgerOfMain().pending()).hasSize(1);
    }
  }

  @Test
  void whatSeveralCommitsLeftIsFinishedAtOnce() throws IOException {
    Ledger ledger = Ledger.initial(STREAM, "orders", "id", "cluster", "o");
    ledger = ledger.advance(List.of(taken(0, 2)), "a", List.of(file(0, 2)));
    main.commit(List.of(), ledger);
    ledger = ledger.takenOver("p", "b");
    main.commit(List.of(), ledger);
    ledger = ledger.advance(List.of(taken(2, 5)), "c", List.of(file(2, 5)));
    main.commit(List.of(), ledger);

    try (DeadLetterTable dead = DeadLetterTable.of(main, STREAM, hadoop)) {
      assertThat(dead.rollForward(ledgerOfMain()).pending()).isEmpty();
    }

    assertThat(files(1)).hasSize(2);
  }

  @Test
  void theDeadLettersOfAnotherTableAreLeftAlone() throws IOException {
    Ledger ledger = oneDeadLetter();
    try (DeadLetterTable dead = DeadLetterTable.of(main, STREAM, hadoop)) {
      dead.rollForward(ledger);
    }
    main.close();
    Files.move(mainPath, directory.resolve("old"));
    createMain();

    try (DeadLetterTable dead = DeadLetterTable.of(main, STREAM, hadoop)) {
      assertThatThrownBy(() -> dead.rollForward(Ledger.initial(STREAM, "orders", "i", "c", "o")))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
          .hasMessageContaining("belongs to the table with the id");
    }
  }

  @Test
  void anotherTableAtThatPlaceIsRefused() throws IOException {
    DeltaTable.create(deadPath.toString(), hadoop, LAYOUT, Optional.empty(), Map.of()).close();
    Ledger ledger = oneDeadLetter();

    try (DeadLetterTable dead = DeadLetterTable.of(main, STREAM, hadoop)) {
      assertThatThrownBy(() -> dead.rollForward(ledger))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("no table of dead letters");
    }
  }

  @Test
  void otherFilesAtThatPlaceAreRefused() throws IOException {
    Ledger ledger = oneDeadLetter();
    Files.writeString(deadPath.resolve("notes.txt"), "mine");

    try (DeadLetterTable dead = DeadLetterTable.of(main, STREAM, hadoop)) {
      assertThatThrownBy(() -> dead.rollForward(ledger))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessageContaining("notes.txt");
      Files.delete(deadPath.resolve("notes.txt"));
      assertThat(dead.rollForward(ledger).pending()).isEmpty();
    }
  }

  @Test
  void whatARestoreMadeVoidIsTakenOutOnce() throws IOException {
    // Given letters from before the version restored to, and after it
    Ledger then = oneDeadLetter();
    Ledger now = then.advance(List.of(taken(1, 4)), "b", List.of(file(1, 4)));
    main.commit(List.of(), now);
    Ledger taken = now.restoredTo(1, Optional.of(then)).takenOver("p", "c");
    try (DeadLetterTable dead = DeadLetterTable.of(main, STREAM, hadoop)) {
      dead.rollForward(now);
      main.commit(List.of(), taken);
    } // The writer that took the restored ledger was killed here.

    try (DeadLetterTable dead = DeadLetterTable.of(main, STREAM, hadoop);
        DeadLetterTable behind = DeadLetterTable.of(main, STREAM, hadoop)) {
      // When several see to it
      behind.requireOurs();
      dead.rollForward(taken);
      behind.rollForward(now);
      behind.rollForward(taken);
      assertThat(offsets()).containsExactly(0L);

      // Then the same letters can come again, and stay
      Ledger again = taken.advance(List.of(taken(1, 4)), "d", List.of(file(1, 4)));
      main.commit(List.of(), again);
      dead.rollForward(again);
      behind.rollForward(taken);
      assertThat(offsets()).containsExactly(0L, 1L, 2L, 3L);
    }
  }

  @Test
  void lettersThatARestoreMadeVoidDoNotComeLater() throws IOException {
    // Given a table of dead letters that is not there yet
    Ledger then =
        Ledger.initial(STREAM, "topic", "id", "cluster", "p")
            .advance(List.of(new Taken(0, 0, 0, 0, 0, 0, 0)), "a");
    main.commit(List.of(), then);
    Ledger now = then.advance(List.of(taken(0, 3)), "b", List.of(file(0, 3)));
    main.commit(List.of(), now);
    Ledger taken = now.restoredTo(1, Optional.of(then)).takenOver("q", "c");
    try (DeadLetterTable dead = DeadLetterTable.of(main, STREAM, hadoop);
        DeadLetterTable older = DeadLetterTable.of(main, STREAM, hadoop)) {
      // When the older writer is about to commit to it, while the newer one takes the RESTORE
      older.requireOurs();
      main.commit(List.of(), taken);
      dead.rollForward(taken);
      older.rollForward(now);
      Ledger again = taken.advance(List.of(taken(0, 3)), "d", List.of(file(0, 3)));
      main.commit(List.of(), again);
      dead.rollForward(again);
    }

    assertThat(offsets()).containsExactly(0L, 1L, 2L);
  }

  @Test
  void aFileOfLettersThatAreVoidInPartIsRefused() throws IOException {
    Ledger then = oneDeadLetter();
    Ledger now = then.advance(List.of(taken(1, 5)), "b", List.of(file(0, 4)));
    main.commit(List.of(), now);
    Ledger taken = now.restoredTo(1, Optional.of(then)).takenOver("p", "c");
    main.commit(List.of(), taken);

    try (DeadLetterTable dead = DeadLetterTable.of(main, STREAM, hadoop)) {
      dead.rollForward(now);
      assertThatThrownBy(() -> dead.rollForward(taken))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
          .hasMessageContaining("holds 1 dead letters from before that version and 3 that come")
          .hasMessageContaining("partition 0 from offset 1");
    }
    assertThat(offsets()).hasSize(5);
  }

  private List<Long> offsets() throws IOException {
    PinnedTable.Reading reading =
        PinnedTable.latest(deadPath.toString(), hadoop)
            .orElseThrow()
            .reading(List.of(DeadLetterColumns.OFFSET).iterator());
    List<Long> offsets = new ArrayList<>();
    for (PinnedTable.LiveFile file : reading.files()) {
      reading.read(
          file,
          batch -> {
            for (int row = 0; row < batch.getData().getSize(); row++) {
              offsets.add(batch.getData().getColumnVector(0).getLong(row));
            }
          });
    }
    offsets.sort(null);
    return offsets;
  }

  @ParameterizedTest
  @CsvSource({
    "/data/t, /data/t_dead_letters",
    "s3a://bucket/t/, s3a://bucket/t_dead_letters",
    "t//, t_dead_letters"
  })
  void thePathIsBesideTheTable(String table, String expected) {
    assertThat(DeadLetterTable.path(table)).isEqualTo(expected);
  }

  private Ledger oneDeadLetter() throws IOException {
    Ledger ledger =
        Ledger.initial(STREAM, "orders", "id", "cluster", "o")
            .advance(List.of(taken(0, 1)), "a", List.of(file(0, 1)));
    main.commit(List.of(), ledger);
    return ledger;
  }

  private Ledger ledgerOfMain() {
    try (DeltaTable again = DeltaTable.open(mainPath.toString(), hadoop).orElseThrow()) {
      return again.ledger(STREAM).orElseThrow();
    }
  }

  private List<String> files(long version) throws IOException {
    return Files.readString(deadPath.resolve("_delta_log/%020d.json".formatted(version)))
        .lines()
        .filter(line -> line.startsWith("{\"add\""))
        .toList();
  }

  private static Taken taken(long from, long to) {
    return new Taken(0, from, to, 0, 0, to - from, 0);
  }

  private DataFile file(long from, long to) throws IOException {
    DeadLetterFile file =
        DeadLetterFile.open(
            hadoop, DeadLetterTable.path(main.path()), STREAM, Compression.ZSTD, 20 << 20);
    for (long offset = from; offset < to; offset++) {
      file.add(
          new DeadLetter(
              "orders",
              0,
              offset,
              0,
              null,
              new byte[] {1},
              new RecordHeaders(),
              null,
              ErrorClass.NO_HEADER,
              "short"));
    }
    return file.close();
  }
}
