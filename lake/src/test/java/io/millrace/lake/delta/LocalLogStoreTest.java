package io.millrace.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLogStoreTest {
  private static final int WRITERS = 4;

  @TempDir java.nio.file.Path directory;

  private final Configuration hadoop = LakeConfiguration.of(Map.of());
  private final LocalLogStore store = new LocalLogStore(hadoop);

  @Test
  void aFileIsWrittenOnceUnlessItMayBeReplaced() throws IOException {
    Path path = path("1.json");
    write(path, false, "first", "ü");
    assertThatThrownBy(() -> write(path, false, "second"))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(directory.resolve("1.json")).hasContent("first\nü\n");
    write(path, true, "third");
    assertThat(directory.resolve("1.json")).hasContent("third\n");
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void withoutHardLinksAFileIsCreatedExclusively() throws IOException {
    java.nio.file.Path target = directory.resolve("2.json");
    LocalLogStore.createExclusively(target, new byte[] {1});
    assertThatThrownBy(() -> LocalLogStore.createExclusively(target, new byte[] {2}))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(target).hasBinaryContent(new byte[] {1});
  }

  @Test
  void ofManyWritersOneWinsEachVersion() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      for (int version = 0; version < 100; version++) {
        Path path = path(version + ".json");
        CyclicBarrier together = new CyclicBarrier(WRITERS);
        List<Callable<Boolean>> writers =
            IntStream.range(0, WRITERS)
                .mapToObj(writer -> (Callable<Boolean>) () -> wins(path, writer, together))
                .toList();
        int winners = 0;
        for (var writer : threads.invokeAll(writers)) {
          winners += writer.get() ? 1 : 0;
        }
        assertThat(winners).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private boolean wins(Path path, int writer, CyclicBarrier together) throws Exception {
    together.await();
    try {
      write(path, false, "writer " + writer);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  @Test
  void theLogIsListedFromAnyNameOn() throws IOException {
    for (String name : List.of("3.json", "1.json", "2.json")) {
      write(path(name), false, name);
    }
    assertThat(store.listFrom(path("2."), hadoop))
        .toIterable()
        .extracting(file -> file.getPath().toString())
        .containsExactly(path("2.json").toString(), path("3.json").toString());
    assertThat(store.listFrom(path("4"), hadoop)).isExhausted();
    assertThatThrownBy(() -> store.listFrom(path("none/0"), hadoop))
        .isInstanceOf(FileNotFoundException.class);
  }

  private Path path(String name) {
    return new Path("file:" + directory.resolve(name));
  }

  private void write(Path path, boolean overwrite, String... lines) throws IOException {
    store.write(path, List.of(lines).iterator(), overwrite, hadoop);
  }
}
