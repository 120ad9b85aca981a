package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.MillraceCli;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.process.LockFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demo finds out before it starts anything. */
class DemoCommandTest {
  @TempDir private Path directory;

  @Test
  void aSecondDemoInTheSameDirectoryIsRefused() throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code;
    try (LockFile first = new DemoFiles(directory).lock()) {
      code =
          MillraceCli.execute(
              new PrintWriter(out),
              new PrintWriter(err),
              "demo",
              "--records",
              "1",
              "--dir",
              directory.toString());
    }

    assertThat(code).as(out + "" + err).isEqualTo(ExitCode.USAGE.code());
    assertThat(err.toString()).hasLineCount(1).contains(directory + " is in use: another demo");
    assertThat(directory.resolve("kafka")).doesNotExist();
    new DemoFiles(directory).lock().close(); // free again
  }

  @Test
  void theSpaceThatIsNeededFollowsTheRecords() {
    long few = DiskSpace.needed(1_000, 100);
    long many = DiskSpace.needed(100_000_000, 100);

    assertThat(few).isBetween(256L << 20, 400L << 20);
    assertThat(many - few).isEqualTo((100_000_000 - 1_000) * DiskSpace.BYTES_PER_RECORD);
    assertThat(DiskSpace.needed(Long.MAX_VALUE, 10_000)).isPositive();
  }

  @Test
  void aDirectoryThatCannotBeWrittenToIsNotCalledFull() throws Exception {
    // Also a superuser can't make a directory below a file.
    Path file = Files.writeString(directory.resolve("file"), "x");

    assertThatThrownBy(() -> DiskSpace.require(file.resolve("data"), Long.MAX_VALUE))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
        .hasMessageContaining(file.resolve("data") + " can't be written to")
        .hasMessageContaining("Not a directory")
        .hasMessageNotContaining("space");
    assertThatThrownBy(() -> DiskSpace.require(directory.resolve("data"), Long.MAX_VALUE))
        .hasMessageContaining("not enough disk space");
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void theLastLineCanBeCopiedIntoAShell() {
    assertThat(Summary.again(Path.of("/tmp/my data")))
        .endsWith(": millrace up --dir '/tmp/my data'");
  }
}
