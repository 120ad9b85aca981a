package io.millrace.lake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.storage.CloseableIterator;
import io.millrace.lake.fault.StorageFaults.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyStorageTest {
  private final Configuration hadoop = new Configuration(false);
  @TempDir java.nio.file.Path directory;
  private StorageFaults drill;
  private FaultyFileSystem files;
  private FaultyLogStore log;

  @BeforeEach
  void open() throws IOException {
    drill = StorageFaults.open(directory.resolve("faults"));
    StorageFaults process = StorageFaults.open(directory.resolve("faults"));
    files = new FaultyFileSystem(process);
    files.initialize(directory.toUri(), hadoop);
    log = new FaultyLogStore(hadoop, process);
  }

  @Test
  void aFullDiskKeepsHalfAndTakesTheRestOnceThereIsRoom() throws IOException {
    byte[] bytes = "abcdef".getBytes(StandardCharsets.US_ASCII);
    drill.set(Kind.FULL);
    FSDataOutputStream half = files.create(path("half"));
    assertThatThrownBy(
            () -> {
              half.write(bytes);
              half.close();
            })
        .isInstanceOf(FSError.class)
        .hasMessageContaining("No space left on device");
    assertThatThrownBy(() -> commit("1.json")).hasMessageContaining("No space left on device");
    assertThat(directory.resolve("half")).hasContent("abc");
    assertThat(directory.resolve("1.json")).doesNotExist();
    assertThat(drill.struck()).isPositive();

    drill.set(Kind.NOTHING);
    try (FSDataOutputStream whole = files.create(path("whole"))) {
      whole.write(bytes);
    }
    assertThat(directory.resolve("whole")).hasContent("abcdef");
  }

  @Test
  void aReadOnlyDiskLeavesEverythingAsItIs() throws IOException {
    files.create(path("old")).close();
    drill.set(Kind.READ_ONLY);

    assertThatThrownBy(() -> files.create(path("new"))).hasMessageContaining("Read-only");
    assertThatThrownBy(() -> commit("1.json")).hasMessageContaining("Read-only");
    assertThat(files.rename(path("old"), path("new"))).isFalse();
    assertThat(files.delete(path("old"), false)).isFalse();
    assertThat(files.mkdirs(path("d"))).isFalse();
    assertThat(directory).isDirectoryNotContaining("glob:**/{new,d,1.json}");
    assertThat(files.exists(path("old"))).isTrue();
  }

  @Test
  void aCommitIsThereThoughItsAnswerIsLost() throws IOException {
    drill.set(Kind.ANSWERS_LOST);

    assertThatThrownBy(() -> commit("1.json")).hasMessage("Input/output error");
    assertThat(directory.resolve("1.json")).hasContent("{}");
    assertThatThrownBy(() -> commit("1.json")).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(drill.struck()).isEqualTo(1);
    try (CloseableIterator<String> lines = log.read(path("1.json"), hadoop)) {
      assertThat(lines).toIterable().containsExactly("{}");
    }
  }

  @Test
  void slowStorageDoesEverythingLate() throws IOException {
    drill.set(Kind.SLOW);

    commit("1.json");
    files.create(path("f")).close();

    assertThat(directory.resolve("1.json")).exists();
    assertThat(drill.struck()).isEqualTo(2);
  }

  @Test
  void withoutADrillTheyRefuseToWork() {
    assertThatThrownBy(FaultyFileSystem::new).hasRootCauseMessage(REFUSAL);
    assertThatThrownBy(() -> new FaultyLogStore(hadoop)).isInstanceOf(LinkageError.class);
  }

  private static final String REFUSAL =
      "storage that fails is for drills: no " + StorageFaults.PROPERTY;

  private void commit(String name) throws IOException {
    log.write(path(name), List.of("{}").iterator(), false, hadoop);
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }
}
