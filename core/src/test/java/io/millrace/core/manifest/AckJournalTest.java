package io.millrace.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AckJournalTest {
  @TempDir Path directory;

  /** Counts without end; the four values of a slot follow from the count. */
  static final class Counting {
    public static void main(String[] args) {
      AckJournal.Writer writer = AckJournal.create(Path.of(args[0]), "t", "id", 3, 2).writer(1);
      System.out.println("counting");
      for (long n = 1; ; n++) {
        writer.acknowledged(2, n, 1_000, 1_000 + n, n * 7);
      }
    }
  }

  @Test
  void isAManifestOfAllWriters() {
    Path file = directory.resolve("acks");
    AckJournal journal = AckJournal.create(file, "readings", "id-1", 3, 2);
    journal.writer(0).acknowledged(0, 1, 5, 5, 11);
    journal.writer(0).acknowledged(0, 2, 5, 6, 22);
    journal.writer(1).acknowledged(0, 1, 7, 7, -1);
    journal.writer(1).unknown(2, 4);

    assertThat(Manifest.read(file))
        .isEqualTo(
            new Manifest(
                Manifest.FORMAT,
                "readings",
                "id-1",
                List.of(
                    Manifest.Entry.of(0, 3, 0, 5, 7, 21), Manifest.Entry.of(2, 0, 4, -1, -1, 0))));
  }

  @Test
  void isWholeAfterAKillInTheMiddleOfIt() throws Exception {
    for (int kill = 0; kill < 10; kill++) {
      Path file = directory.resolve("acks-" + kill);
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Counting.class.getName(),
                  file.toString())
              .redirectErrorStream(true)
              .start();
      assertThat(process.inputReader().readLine()).isEqualTo("counting");
      process.waitFor(20, TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();

      Manifest.Entry entry = Manifest.read(file).partitions().get(0);

      assertThat(entry)
          .isEqualTo(
              Manifest.Entry.of(
                  2,
                  entry.acknowledged(),
                  0,
                  1_000,
                  1_000 + entry.acknowledged(),
                  entry.acknowledged() * 7));
    }
  }
}
