package io.millrace.lake.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.Compression;
import io.millrace.lake.DataFile;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.parquet.KernelRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterFileTest {
  private static final long MILLIS = 1_795_365_000_123L;

  @TempDir Path directory;

  private final Configuration hadoop = LakeConfiguration.of(Map.of());

  @Test
  void everythingOfARecordIsKept() throws IOException {
    Headers headers =
        new RecordHeaders()
            .add("trace", new byte[] {1, (byte) 0xff})
            .add("näme", null)
            .add("trace", new byte[0]);
    byte[] value = {0, 0, 0, 0, 7, (byte) 0x80};
    DeadLetterFile file = open();
    file.add(
        new DeadLetter(
            "orders", 3, 41, MILLIS, bytes("key"), value, headers, 7, ErrorClass.MALFORMED, "söm"));
    file.add(letter(42, null));

    List<Object[]> rows = read(file.close());

    assertThat(Arrays.asList(rows.get(0)))
        .isEqualTo(
            List.of(
                "orders",
                3,
                41L,
                MILLIS * 1000,
                buffer(bytes("key")),
                buffer(value),
                List.of(
                    List.of("trace", buffer(new byte[] {1, (byte) 0xff})),
                    Arrays.asList("näme", null),
                    List.of("trace", buffer(new byte[0]))),
                7,
                "MALFORMED",
                "söm",
                "events"));
    assertThat(Arrays.asList(rows.get(1)))
        .isEqualTo(
            Arrays.asList(
                "orders",
                3,
                42L,
                MILLIS * 1000,
                null,
                null,
                List.of(),
                null,
                "NO_HEADER",
                "why",
                "events"));
  }

  @ParameterizedTest
  @ValueSource(ints = {2 << 20, 20 << 20})
  void largeDeadLettersDoNotPileUp(int mostBytes) throws IOException {
    DeadLetterFile file =
        DeadLetterFile.open(hadoop, directory.toString(), "events", Compression.ZSTD, mostBytes);
    byte[] value = new byte[1 << 20];
    for (int i = 0; i < 40; i++) {
      new Random(i).nextBytes(value);
      file.add(letter(i, value));
      assertThat(file.bufferedBytes()).isLessThan(mostBytes + (1 << 20));
    }

    DataFile done = file.close();

    assertThat(done.rows()).isEqualTo(40);
    assertThat(done.bytes()).isGreaterThan(40 << 20);
    assertThat(done.statistics()).contains("\"numRecords\":40", "\"kafka_offset\":39");
    assertThat(read(done)).extracting(row -> row[2]).contains(0L, 39L).hasSize(40);
  }

  @Test
  void aFileGivenUpLeavesNothing() throws IOException {
    DeadLetterFile file = open();
    for (int i = 0; i < 20; i++) {
      file.add(letter(i, new byte[2 << 20]));
    }
    file.abort();
    file.abort();

    assertThat(directory.toFile().list()).isEmpty();
  }

  @Test
  void aMessageIsCut() {
    DeadLetter letter = letter(1, null, "x".repeat(5000));

    assertThat(letter.message()).hasSize(DeadLetter.MOST_MESSAGE_CHARS);
    assertThat(letter(1, null, null).message()).isEmpty();
    assertThatThrownBy(
            () -> new DeadLetter("t", 0, 0, 0, null, null, null, null, ErrorClass.INVALID, ""))
        .isInstanceOf(NullPointerException.class);
  }

  private DeadLetterFile open() throws IOException {
    return DeadLetterFile.open(hadoop, directory.toString(), "events", Compression.ZSTD, 20 << 20);
  }

  private static DeadLetter letter(long offset, byte[] value) {
    return letter(offset, value, "why");
  }

  private static DeadLetter letter(long offset, byte[] value, String message) {
    return new DeadLetter(
        "orders",
        3,
        offset,
        MILLIS,
        null,
        value,
        new RecordHeaders(),
        null,
        ErrorClass.NO_HEADER,
        message);
  }

  private List<Object[]> read(DataFile file) throws IOException {
    return KernelRows.read(hadoop, file, DeadLetterColumns.LAYOUT);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes);
  }
}
