package io.millrace.lake.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.Compression;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.DataFile;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.PendingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingLettersTest {
  private static final long MILLIS = 1_795_365_000_123L;

  @TempDir Path directory;

  private final Configuration hadoop = LakeConfiguration.of(Map.of());
  private String mainTable;

  @BeforeEach
  void paths() throws IOException {
    mainTable = directory.resolve("t").toString();
    Files.createDirectory(Path.of(DeadLetterTable.path(mainTable)));
  }

  @Test
  void aFileThatNoTableHasYetIsRead() throws IOException {
    Headers headers = new RecordHeaders().add("a", new byte[] {1}).add("b", null).add("a", null);
    byte[] value = {0, 0, 0, 0, 7, (byte) 0x80};
    PendingFile pending =
        write(
            new DeadLetter(
                "orders",
                3,
                41,
                MILLIS,
                new byte[] {9},
                value,
                headers,
                7,
                ErrorClass.MALFORMED,
                "why"),
            bare(42));

    List<StoredDeadLetter> letters = new ArrayList<>();
    PendingLetters.read(hadoop, DeadLetterTable.path(mainTable), pending, letters::add);

    assertThat(letters)
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(
            new StoredDeadLetter(
                new DeadLetterEntry(3, 41, MILLIS, 7, "MALFORMED", "why"),
                "orders",
                new byte[] {9},
                value,
                headers),
            new StoredDeadLetter(
                new DeadLetterEntry(3, 42, MILLIS, null, "NO_HEADER", "no"),
                "orders",
                null,
                null,
                new RecordHeaders()));
  }

  @Test
  void fewAreInMemoryAtATime() throws IOException {
    DeadLetter[] letters = new DeadLetter[1_000];
    for (int i = 0; i < letters.length; i++) {
      letters[i] = bare(i);
    }
    PendingFile pending = write(letters);
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(DeadLetterTable.path(mainTable), pending.name());

    List<Integer> batches = new ArrayList<>();
    PendingLetters.read(
        PendingLetters.inSmallBatches(hadoop),
        file,
        pending,
        PendingLetters.WHOLE,
        batch -> batches.add(batch.getData().getSize()));

    assertThat(batches.stream().mapToInt(n -> n).sum()).isEqualTo(1_000);
    assertThat(batches).allMatch(size -> size <= PendingLetters.BATCH_ROWS);
  }

  @Test
  void aFileThatIsGoneIsTold() throws IOException {
    PendingFile pending = write(bare(1));
    Files.delete(Path.of(DeadLetterTable.path(mainTable), pending.name()));

    assertThatThrownBy(
            () ->
                PendingLetters.read(hadoop, DeadLetterTable.path(mainTable), pending, letter -> {}))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED))
        .hasMessageContaining(pending.name() + " is gone")
        .hasMessageContaining("without deadLetterTopic");
  }

  private static DeadLetter bare(long offset) {
    return new DeadLetter(
        "orders",
        3,
        offset,
        MILLIS,
        null,
        null,
        new RecordHeaders(),
        null,
        ErrorClass.NO_HEADER,
        "no");
  }

  private PendingFile write(DeadLetter... letters) throws IOException {
    DeadLetterFile file =
        DeadLetterFile.open(
            hadoop, DeadLetterTable.path(mainTable), "s", Compression.ZSTD, 20 << 20);
    for (DeadLetter letter : letters) {
      file.add(letter);
    }
    DataFile done = file.close();
    return new PendingFile(
        1,
        Path.of(done.path()).getFileName().toString(),
        done.bytes(),
        done.modificationTime(),
        done.rows(),
        done.statistics());
  }
}
